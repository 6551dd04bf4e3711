#!/usr/bin/env node
// The command line: the same engine as the app, without a window.
import { join } from 'node:path';
import { findNode, install, root, run } from './setup.mjs';

install();
process.exitCode = run(
  findNode(),
  ['--disable-warning=ExperimentalWarning', join(root, 'src-main/cli/main.ts'), ...process.argv.slice(2)],
  { cwd: process.cwd() },
);
