import { t, type Key } from '../../app/i18n.ts';
import { questionTypes } from './review.ts';

/** A tag of the list in the interface's language; any other tag as it is. */
export function typeName(type: string): string {
  return (questionTypes as readonly string[]).includes(type) ? t(`review.type.${type}` as Key) : type;
}
