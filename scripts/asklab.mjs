#!/usr/bin/env node
// The command line: the same engine as the app, without a window.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { findNode, install, root } from './setup.mjs';

install();
const child = spawn(
  findNode(),
  ['--disable-warning=ExperimentalWarning', join(root, 'src-main/cli/main.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
// The command ends by itself, with what it has done kept; this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
// A command that a signal ended, in its last moment, has the shell's exit code for it: 130 after Ctrl+C.
child.on('close', (code, signal) => (process.exitCode = code ?? 128 + constants.signals[signal]));
