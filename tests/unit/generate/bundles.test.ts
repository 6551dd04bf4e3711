import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeBundle } from '../../../src-main/engine/generate/generators.ts';
import { language } from '../../../src-main/shared/contract/types.ts';

const root = join(import.meta.dirname, '../../..');
const bundled = join(root, 'resources/models/lalm-five-languages');
const folder = mkdtempSync(join(tmpdir(), 'asklab-bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Change = (manifest: Record<string, unknown>) => Record<string, unknown>;

/** The hash of a small bundle whose manifest says something else. */
function hashOf(change: Change): string | null {
  const path = join(folder, 'bundle');
  cpSync(join(root, 'tests/inference/fixture/pointer'), path, { recursive: true });
  const file = join(path, 'manifest.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)));
  return describeBundle(path, null).hash;
}

describe('a bundle', () => {
  it('stays the same one when it is measured, and is another with other weights or decoding', () => {
    const own = hashOf((manifest) => manifest);
    expect(own).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf((manifest) => ({ ...manifest, metrics: { en: { bleu4: 15 } } }))).toBe(own);
    expect(hashOf(({ metrics, ...rest }) => (void metrics, rest))).toBe(own);
    expect(hashOf((manifest) => ({ ...manifest, decoding: { beams: 2 } }))).not.toBe(own);
    const files = { 'shared.safetensors': { sha256: '0'.repeat(64), bytes: 1 } };
    expect(hashOf((manifest) => ({ ...manifest, files }))).not.toBe(own);
  });

  it('that came with the app is small, names its terms, and holds its numbers for every language', () => {
    const { bytes, licence, origin } = describeBundle(bundled, null);
    expect(bytes).toBeLessThanOrEqual(40e6);
    expect(licence).toContain('research, non-commercial');
    expect(origin?.sources.length).toBeGreaterThan(15);
    for (const { source, licence: terms } of origin?.sources ?? []) expect(terms, source).not.toBe('');
    const { metrics } = JSON.parse(readFileSync(join(bundled, 'manifest.json'), 'utf8')) as {
      metrics: Record<string, Record<'model' | 'central sentence' | 'rules', Record<string, number>>>;
    };
    for (const code of language.options)
      for (const system of ['model', 'central sentence', 'rules'] as const)
        expect(Object.keys(metrics[code]?.[system] ?? {}), `${code}, ${system}`).toEqual(
          expect.arrayContaining(['bleu1', 'bleu4', 'meteor', 'rougeL', 'copiedShare', 'form', 'endMark', 'distinct']),
        );
  });

  it('has on its card and in its manifest the same sources', () => {
    const card = readFileSync(join(root, 'docs/model-card.md'), 'utf8');
    for (const { source, licence } of describeBundle(bundled, null).origin?.sources ?? [])
      expect(card).toContain(`| ${source} | ${licence} |`);
  });
});
