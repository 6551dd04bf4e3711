import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { highlightSpans, indexTerms, matchQuery } from '../../../src-main/shared/text/search.ts';

const documents = [
  'Résumé of the Œuvre: machine learning in Zürich', // 1
  '今天天气很好，我们标注数据集QG模型。', // 2
  '이 질문은 데이터셋에서 나왔다.', // 3
  'हिन्दी में पढ़ाई की क़िताबें और गाँव की कहानी।', // 4
  'learning machines', // 5
  '雨', // 6
  'न कि कम', // 7
];
let database: DatabaseSync;

beforeAll(() => {
  database = new DatabaseSync(':memory:');
  database.exec("CREATE VIRTUAL TABLE terms USING fts5(body, content='', tokenize='unicode61')");
  const insert = database.prepare('INSERT INTO terms(rowid, body) VALUES (?, ?)');
  documents.forEach((text, index) => insert.run(index + 1, indexTerms(text)));
});

const termsOf = (text: string): string => new TextDecoder().decode(indexTerms(text));

function find(query: string): number[] {
  const expression = matchQuery(query);
  if (expression === null) return [];
  return database
    .prepare('SELECT rowid FROM terms WHERE terms MATCH ? ORDER BY rowid')
    .all(expression)
    .map((row) => Number(row['rowid']));
}

describe('search through a real FTS5 table', () => {
  it.each([
    ['resume oeuvre', [1]],
    ['ZURICH', [1]],
    ['machine learning', [1]],
    ['learning machine', [1, 5]],
    ['"machine learning"', [1]],
    ['learn', [1, 5]],
    ['le', [1, 5]],
    ['l', []], // one letter is itself alone
    ['天气', [2]],
    ['天', [2]],
    ['数据集QG', [2]],
    ['气天', []],
    ['雨', [6]],
    ['질문', [3]],
    ['데이터셋', [3]],
    ['셋', [3]],
    ['हिन्दी', [4]],
    ['हिन्द', [4]],
    ['किताबें', [4]],
    ['गांव', [4]],
    ['गाँव कहानी', [4]],
    ['क', [4, 7]],
    ['म', [4]],
    ['AND OR NOT', []],
    ['"*) (', []],
    ['', []],
  ])('%s finds %j', (query, expected) => {
    expect(find(query)).toEqual(expected);
  });

  it('keeps a Hindi word one token, so that a consonant alone does not find the inside of words', () => {
    expect(termsOf('हिन्दी').split(' ')).toHaveLength(1);
    expect(find('न्दी')).toEqual([]);
  });

  it('finds text written in NFD by a query in NFC', () => {
    expect(termsOf('질문'.normalize('NFD'))).toBe(termsOf('질문'));
    expect(termsOf('é'.normalize('NFD'))).toBe('e');
  });
});

describe('highlightSpans', () => {
  function marked(text: string, query: string): string[] {
    return highlightSpans(text, query).map((span) => text.slice(span.start, span.end));
  }
  it('marks the original characters', () => {
    expect(marked('Le cœur du Résumé, résumés', 'coeur resume')).toEqual(['cœur', 'Résumé', 'résumé']);
    expect(marked('今天天气，天气', '天气')).toEqual(['天气', '天气']);
    expect(marked('क़िताबें पढ़ीं', 'किताब')).toEqual(['क़िताबें']); // a sign is never parted from its letter
    expect(marked('질문'.normalize('NFD'), '질문')).toEqual(['질문'.normalize('NFD')]);
    expect(marked('😀 cat', 'cat')).toEqual(['cat']);
  });
});
