import type { MergedFile } from '../../src-main/shared/contract/rounds.ts';
import { t } from './i18n.ts';

/** Why a returned file was refused, in the interface's language. */
export function refusalText({ path, refused, message }: MergedFile): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return `${t('rounds.refused', { file })} ${t(`error.package-refused.${refused as 'altered'}`, { message: message ?? '' })}`;
}
