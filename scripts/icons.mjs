// `npm run icons`: draws resources/icons/icon.svg at the size that electron-builder makes every platform's icon from.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './setup.mjs';

const folder = join(root, 'resources', 'icons');
const { status, error } = spawnSync(
  'rsvg-convert',
  ['--width=1024', '--height=1024', join(folder, 'icon.svg'), '--output', join(folder, 'icon.png')],
  { stdio: 'inherit' },
);
if (error) console.error('rsvg-convert is missing. On Debian: sudo apt-get install librsvg2-bin');
process.exitCode = status ?? 1;
