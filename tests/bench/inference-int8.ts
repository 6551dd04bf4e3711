/**
 * What int8 costs on a trained model: node tests/bench/inference-int8.ts FP32 INT8 PAIRS.jsonl[.gz]... [--limit N] [--json FILE]
 * FP32 and INT8 are bundles of one checkpoint, or twice the same int8 bundle, whose weights then run in fp32 for comparison; a line of PAIRS is {"id", "lang", "passage", "question", "answer"?}.
 * Prints, for int8 weights in fp32 products and for W8A8: the share of outputs equal to fp32's, and the mean log-probability
 * per token of the written questions, which falls where arithmetic costs quality.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { loadBundle } from '../../src-main/inference/bundle/bundle.ts';
import { required } from '../../src-main/inference/errors.ts';
import { Generator } from '../../src-main/inference/generator.ts';
import { Model } from '../../src-main/inference/model.ts';
import { ModelBatch } from '../../src-main/inference/model-batch.ts';
import { prepareItem } from '../../src-main/inference/text/prepare.ts';
import type { GenerationItem } from '../../src-main/shared/inference.ts';

const pair = z.object({
  id: z.string(),
  lang: z.string(),
  passage: z.string(),
  question: z.string(),
  answer: z.string().nullish(),
});

interface Asked {
  readonly item: GenerationItem;
  readonly question: string;
}

function read(path: string, limit: number): Asked[] {
  const data = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(data) : data).toString('utf8').trim().split('\n');
  const stride = Math.max(1, Math.floor(lines.length / limit));
  return lines
    .filter((_, i) => i % stride === 0)
    .slice(0, limit)
    .map((line) => {
      const { id, lang, passage, question, answer } = pair.parse(JSON.parse(line));
      const start = answer ? passage.indexOf(answer) : -1;
      const span = answer && start >= 0 ? { answer: { start, end: start + answer.length } } : {};
      return { item: { id, text: passage, language: lang, ...span }, question };
    });
}

/** Sum of log-probabilities of the question's tokens and the end, and their number. */
async function questionScore(model: Model, { item, question }: Asked): Promise<[number, number]> {
  const { manifest, languages } = model.bundle;
  const { tokenizer, size } = required(languages.get(item.language));
  const text = manifest.architecture.lowerCase ? question.toLowerCase() : question;
  const tokens = [...tokenizer.encode(text).ids].slice(0, manifest.architecture.maximumTarget - 1);
  const sessions = await model.language(item.language);
  const batch = new ModelBatch(model, sessions, [prepareItem(model.bundle, item).source], {
    rows: 1,
    candidates: size,
  });
  let [row] = await batch.start();
  let total = 0;
  for (const token of [...tokens, manifest.specialTokens.end]) {
    total += Math.max(-30, row?.logProbabilities[row.ids.indexOf(token)] ?? -30);
    if (token !== manifest.specialTokens.end) row = (await batch.step([[{ parent: 0, token }]]))[0]?.[0];
  }
  return [total, tokens.length + 1];
}

const words = process.argv.slice(2);
function option(name: string): string | undefined {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words.splice(at, 2)[1];
}
const limit = Number(option('--limit') ?? 50);
const file = option('--json');
const [fp32 = '', int8 = '', ...paths] = words;
const weights = await loadBundle(int8);
const models = {
  fp32: new Model(await loadBundle(fp32), { device: 'cpu', arithmetic: 'fp32' }),
  'int8 weights': new Model(weights, { device: 'cpu', arithmetic: 'fp32' }),
  W8A8: new Model(weights, { device: 'cpu' }),
};
const figures: Record<string, { value: number; target: null }> = {};
for (const path of paths) {
  const asked = read(path, limit);
  const language = asked[0]?.item.language ?? '';
  const outputs = new Map<string, string[]>();
  for (const [name, model] of Object.entries(models)) {
    for (const beams of [1, 4]) {
      const start = performance.now();
      const results = await new Generator(model).generate(
        asked.map(({ item }) => item),
        { decoding: { method: beams === 1 ? 'greedy' : 'beam', beams } },
      );
      const texts = results.map((result) => result.outputs[0]?.tokens.join(' ') ?? '');
      outputs.set(`${name} ${beams}`, texts);
      const same = texts.filter((text, i) => text === outputs.get(`fp32 ${beams}`)?.[i]).length / texts.length;
      figures[`${language}, ${name}, beam ${beams}: outputs equal to fp32's`] = { value: same, target: null };
      figures[`${language}, ${name}, beam ${beams}: questions/s`] = {
        value: (asked.length * 1000) / (performance.now() - start),
        target: null,
      };
    }
    let total = 0;
    let count = 0;
    for (const one of asked) {
      const [sum, tokens] = await questionScore(model, one);
      total += sum;
      count += tokens;
    }
    figures[`${language}, ${name}: log-probability per token of the written questions`] = {
      value: total / count,
      target: null,
    };
  }
}
console.table(Object.fromEntries(Object.entries(figures).map(([name, { value }]) => [name, value.toFixed(4)])));
if (file) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
