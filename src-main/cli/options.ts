import { accessSync, constants } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { columnRoles } from '../shared/contract/importing.ts';
import { language, type Language } from '../shared/contract/types.ts';

/** Reads an option's whole number. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** Reads an option's number. */
export function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
    return value;
  };
}

/** "0.8,0.1,0.1": three shares of one, or three counts. */
export function shares(text: string): { train: number; dev: number; test: number } {
  const [train, dev, test, ...rest] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const fits = (value: number | undefined): value is number => value !== undefined && value >= 0;
  if (!fits(train) || !fits(dev) || !fits(test) || rest.length > 0)
    throw new InvalidArgumentError('Give three numbers, for example 0.8,0.1,0.1 or 180000,20000,25000.');
  return { train, dev, test };
}

/** "Body=text", given once for each column: what the columns of a table hold. */
export function columnRole(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.lastIndexOf('=');
  const role = text.slice(at + 1);
  if (at < 1 || !columnRoles.some((known) => known === role))
    throw new InvalidArgumentError(`Give a column and what it holds, as in Body=text: ${columnRoles.join(', ')}.`);
  return { ...before, [text.slice(0, at)]: role };
}

/** "zh,ko": languages with commas between. */
export function languageList(text: string): Language[] {
  const codes = language.array().safeParse(text.split(',').map((code) => code.trim()));
  if (!codes.success)
    throw new InvalidArgumentError(`Give some of ${language.options.join(', ')}, with commas between.`);
  return codes.data;
}

/** "passagesToReview 3" as "passages to review 3", one line for each. */
export function tally(counts: object): string {
  return Object.entries(counts)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${name.replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`).padEnd(20)} ${value}`)
    .join('\n');
}

export const choice = (flags: string, description: string, choices: readonly string[], usual?: string): Option =>
  new Option(flags, description).choices([...choices]).default(usual);

export const languageChoice = (flags: string, description: string): Option =>
  choice(flags, description, language.options);

export const deviceChoice = (): Option =>
  choice('--device <name>', 'where the model runs', ['auto', 'cpu', 'webgpu'], 'auto');

/** Says which file cannot be read before anything is made for it. */
export function needReadable(paths: readonly string[]): void {
  for (const path of paths)
    try {
      accessSync(path, constants.R_OK);
    } catch {
      throw new Error(`${path} cannot be read. Give the path of a file that is there.`);
    }
}
