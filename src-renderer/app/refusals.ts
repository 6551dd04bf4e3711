import type { Client } from '../../src-main/shared/contract/define.ts';
import type { Contract } from '../../src-main/shared/contract/index.ts';
import { t } from './i18n.ts';

type Merged = Awaited<ReturnType<Client<Contract>['rounds']['mergeReturns']>>[number];

/** Why a returned file was refused, in the interface's language. */
export function refusalText({ path, refused, message }: Merged): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return `${t('rounds.refused', { file })} ${t(`error.package-refused.${refused as 'altered'}`, { message: message ?? '' })}`;
}
