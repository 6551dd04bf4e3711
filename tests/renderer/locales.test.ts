import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';

const languages = ['en', 'zh', 'ko', 'fr', 'hi'];
const files = import.meta.glob<Record<string, string>>('../../resources/locales/*.json', {
  eager: true,
  import: 'default',
});
const read = (name: string): Record<string, string> => files[`../../resources/locales/${name}.json`] ?? {};

const suffixes = Object.keys(files).flatMap((path) => /\/en(.*)\.json$/.exec(path)?.[1] ?? []);

const sources = import.meta.glob<string>('../../resources/locales/*.json', {
  eager: true,
  query: '?raw',
  import: 'default',
});

it.each(languages)('%s: no key stands twice', (language) => {
  const keys = Object.entries(sources)
    .filter(([path]) => path.includes(`/${language}.`))
    .flatMap(([, text]) => [...text.matchAll(/^ {2}"([^"]+)":/gmu)].map((match) => match[1]));
  expect(keys.length).toBeGreaterThan(100);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

describe.each(suffixes)('locale files *%s.json', (suffix) => {
  const english = read(`en${suffix}`);
  it.each(languages)('%s has every key and no other', (language) => {
    expect(Object.keys(read(language + suffix)).sort()).toEqual(Object.keys(english).sort());
  });
  it.each(languages)('%s: every message parses and takes the values of the English one', (language) => {
    const values = (message: string): string[] =>
      [...new Set([...message.matchAll(/\{(\w+)(?=[,}])/g)].map((match) => match[1] ?? ''))].sort();
    for (const [key, message] of Object.entries(read(language + suffix))) {
      expect(message.trim(), key).not.toBe('');
      expect(() => new IntlMessageFormat(message, language, undefined, { ignoreTag: true }), key).not.toThrow();
      expect(values(message), key).toEqual(values(english[key] ?? ''));
    }
  });
});

/** One word for one thing, and a language's own marks: what these once said in places, and say no more. */
const unwanted: Record<string, RegExp> = {
  zh: /你|核查|盲核|暂搁|编辑|抄录|理由|未决定|已决定|评分者|全部按键/u,
  ko: /거부|단락|구절|편집|정답|미정(?!결)|반환|주석|검토자(?!\))|확인할/u,
  fr: /[Rr]évis|[ \u00A0][;?!%»]|«[ \u00A0]|[ \u202F]:|[^\s\u202F][;?!%»]/u,
  hi: /गद्यांश|उम्मीदवार|खिड़की|मापदंड|संपाद|बाकी|खाली|नकल|कतार|खराब|गलत|रूपरेखा|कामचलाऊ|से\./u,
};

it.each(Object.keys(unwanted))('%s: terms and marks are the same everywhere', (language) => {
  const found = Object.entries(files)
    .filter(([path]) => path.includes(`/${language}.`))
    .flatMap(([, messages]) => Object.entries(messages))
    .flatMap(([key, message]) => {
      const word = unwanted[language]?.exec(message)?.[0];
      return word === undefined ? [] : [`${key}: ${word}`];
    });
  expect(found).toEqual([]);
});
