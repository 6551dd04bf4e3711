/**
 * Compares the tokenizer with Python's sentencepiece on the first 10,000 lines of a text, as written and lower-cased.
 * node tests/inference/compare-tokenizer.ts MODEL TEXT.gz [PYTHON]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Tokenizer } from '../../src-main/inference/tokenizer/tokenizer.ts';

const [model, text, python = 'python3'] = process.argv.slice(2);
if (model === undefined || text === undefined)
  throw new Error('usage: node tests/inference/compare-tokenizer.ts MODEL TEXT.gz [PYTHON]');

const program = `
import json, sys, sentencepiece
p = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1])
for line in json.load(sys.stdin):
    ids = p.encode(line)
    print(json.dumps([ids, p.decode(ids)]))
`;
const written = gunzipSync(readFileSync(text)).toString('utf8').split('\n').slice(0, 10_000);
const lines = [...written, ...written.map((line) => line.toLowerCase())];
const { stdout, stderr, status } = spawnSync(python, ['-c', program, model], {
  input: JSON.stringify(lines),
  encoding: 'utf8',
  maxBuffer: 1 << 30,
});
if (status !== 0) throw new Error(stderr);
const tokenizer = new Tokenizer(readFileSync(model));
const expected = stdout.trimEnd().split('\n');
let same = 0;
lines.forEach((line, i) => {
  const { ids } = tokenizer.encode(line);
  if (JSON.stringify([[...ids], tokenizer.decode(ids)]) === JSON.stringify(JSON.parse(expected[i] ?? ''))) same++;
  else if (i - same < 3) console.info(`differs: ${JSON.stringify(line.slice(0, 200))}`);
});
console.info(`${same} of ${lines.length} lines have the same ids and text`);
