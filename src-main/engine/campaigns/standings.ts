import type { Standing } from '../../shared/contract/campaigns.ts';
import type { Project } from '../store/project.ts';
import { hiddenOf, knowsSystems, type Campaign } from './campaign.ts';
import { meanOf } from './numbers.ts';
import { campaignRows } from './rows.ts';
import { Table } from './table.ts';

/**
 * What people's blind scores say of each generator, by its newest campaign. `scored`: how far the raters are;
 * means only where nobody is left who would learn what they are scoring.
 */
export function standings(
  project: Project,
  campaigns: readonly Campaign[],
  scored: (campaign: Campaign) => { done: number; total: number; open: boolean },
): Standing[] {
  const found = new Map<string, Standing>();
  for (const campaign of [...campaigns].sort((left, right) => right.createdAt - left.createdAt)) {
    if (!knowsSystems(project, campaign.id)) continue;
    const { generators } = hiddenOf(project, campaign.id);
    const fresh = Object.entries(generators).filter(([, generator]) => !found.has(generator));
    if (fresh.length === 0) continue;
    const { open, ...progress } = scored(campaign);
    const criteria = campaign.shown.criteria.map(({ name }) => name);
    const rows = open ? [] : campaignRows(project, campaign.id);
    const table = new Table(rows, Object.keys(generators), criteria, []);
    for (const [system, generator] of fresh) {
      const means = criteria.flatMap((criterion) => {
        const mean = meanOf(table.passageMeans(system, criterion).filter((value) => value !== null));
        return mean === null ? [] : [{ criterion, mean }];
      });
      found.set(generator, { generator, campaign: campaign.name, ...progress, means: open ? null : means });
    }
  }
  return [...found.values()];
}
