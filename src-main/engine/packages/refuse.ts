import { AsklabError } from '../../shared/errors.ts';

/** Why a file is refused. The page has a sentence for each: `error.package-refused.<reason>`. */
export const refusals = {
  'not-a-package': 'This file is not an Asklab package.',
  newer: 'This file was written by a newer Asklab. Update Asklab, then open it again.',
  'too-large': 'This file holds more than a package may. Nothing was read further.',
  'unsafe-path': 'This file names a place outside itself. Asklab writes no such file.',
  'unknown-entry': 'This file holds a part that no package has.',
  'wrong-size': 'A part of this file is not as long as the file says. Ask for the file again.',
  altered: 'This file was changed after Asklab wrote it. Ask for the file again.',
  'other-project': 'This file belongs to another project. Open that project, then merge it there.',
  'other-kind': 'This is the other kind of file: open a package to work on it, merge a returned file.',
  'unknown-round': 'This file belongs to a round or a person that this project does not have.',
  'foreign-item': 'This file decides about questions that were not in the package.',
  clock:
    'The clock of the computer this file comes from runs more than a day ahead. Set it, then return the file again.',
} as const;
export type Refusal = keyof typeof refusals;

/** Error 'package-refused' with its reason in `details.reason`. Nothing has been written when it is thrown. */
export function refused(reason: Refusal): AsklabError {
  return new AsklabError('package-refused', `${refusals[reason]} Nothing was changed.`, { reason });
}
