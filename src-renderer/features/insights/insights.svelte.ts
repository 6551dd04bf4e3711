import type { Language } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { errorText } from '../../app/i18n.ts';
import { boundsOf, type Period } from './periods.ts';

export type Summary = Awaited<ReturnType<(typeof engine)['insights']['summary']>>;
export type Group = Summary['byLanguage'][number];
export const charts = ['perHour', 'byLanguage', 'byGenerator', 'byReason', 'editDistance'] as const;
export type ChartName = (typeof charts)[number];

/** Under this many decisions a share says nothing yet. */
export const fewest = 20;

export const acceptedOf = (group: Group): number => group.accepted + group.edited;
export const decidedOf = (group: Group): number => acceptedOf(group) + group.rejected;

export class Insights {
  summary = $state.raw<Summary | null>(null);
  error = $state<string | null>(null);
  active = $state<ChartName>('perHour');
  asTable = $state(false);
  language = $state<Language | 'any'>('any');
  person = $state('any');
  period = $state<Period>('any');
  from = $state('');
  to = $state('');
  #reading = new AbortController();

  get enough(): boolean {
    return (this.summary?.decisions ?? 0) >= fewest;
  }
  async read(): Promise<void> {
    this.#reading.abort();
    const { signal } = (this.#reading = new AbortController());
    try {
      const summary = await engine.insights.summary(
        {
          ...(this.language === 'any' ? {} : { language: this.language }),
          ...(this.person === 'any' ? {} : { person: this.person }),
          ...boundsOf(this.period, this.from, this.to),
        },
        { signal },
      );
      if (!signal.aborted) this.summary = summary;
    } catch (error) {
      if (!signal.aborted) this.error = errorText(error);
    }
  }
  step(by: number): void {
    const at = charts.indexOf(this.active) + by;
    this.active = charts[(at + charts.length) % charts.length] ?? 'perHour';
  }
}

export interface Table {
  head: string[];
  rows: (string | number)[][];
}

const painted = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

/** A drawn chart as a file of its own: colours and faces written into each mark, nothing left to a style sheet. */
export function toSvg(source: SVGSVGElement): string {
  const copy = source.cloneNode(true) as SVGSVGElement;
  const from = [source, ...source.querySelectorAll<SVGElement>('*')];
  const to = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  for (const [index, element] of from.entries()) {
    const style = getComputedStyle(element);
    const target = to[index];
    if (target === undefined) continue;
    target.removeAttribute('class');
    for (const name of painted) target.style.setProperty(name, style.getPropertyValue(name));
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer().serializeToString(copy);
}
