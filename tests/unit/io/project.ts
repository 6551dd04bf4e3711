import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFile, type Imported } from '../../../src-main/engine/io/import.ts';
import type { ImportOptions } from '../../../src-main/engine/io/readers/entry.ts';
import type { ImportSource } from '../../../src-main/engine/io/source.ts';
import { Project } from '../../../src-main/engine/store/project.ts';
import type { Problem } from '../../../src-main/shared/contract/types.ts';

export interface Workplace {
  folder: string;
  file(name: string, content: string | Uint8Array): { path: string };
  project(name?: string): Project;
  close(): void;
}

/** A folder with projects in it, gone at the end. */
export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'asklab-io-'));
  const projects: Project[] = [];
  return {
    folder,
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return { path };
    },
    project(name = `p${projects.length}`) {
      const project = Project.create(join(folder, `${name}.asklab`), { name, person: 'Ada' });
      projects.push(project);
      return project;
    },
    close() {
      for (const project of projects) project.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function take(
  project: Project,
  source: ImportSource,
  options: ImportOptions = {},
): Promise<{ imported: Imported; problems: Problem[] }> {
  const problems: Problem[] = [];
  const imported = await importFile(project, source, options, (problem) => problems.push(problem));
  return { imported, problems };
}

interface Item {
  title: string;
  text: string;
  question: string;
  answer: string | null;
}

/** What a project holds, without ids: passages with their references, one row a question. */
export function items(project: Project): Item[] {
  return [...project.passageIds({})].flatMap((id) => {
    const { title, text, references } = project.passage(id);
    return references.map(({ question, answer }) => ({
      title,
      text,
      question,
      answer: answer && `${answer.start}:${text.slice(answer.start, answer.end)}`,
    }));
  });
}

/** Passages in five languages with awkward characters, questions with and without answers. */
export const rows = [
  {
    document: 'Lamps',
    title: 'The lamp',
    text: '🪔 A lamp burns oil 🪔 all night.\nIt "never" stops, they say; oil is cheap.',
    questions: [
      { question: 'What burns oil?', answer: { text: 'A lamp', start: 2 } },
      { question: 'What is cheap, \"really\"?', answer: { text: 'oil', start: 60 } },
      { question: '=SUM(A1) or not?', answer: null },
    ],
  },
  {
    document: 'Lamps',
    title: '',
    text: 'Le château a été bâti près de la forêt, où passait une route à péage.',
    questions: [{ question: 'Où le château a-t-il été bâti ?', answer: { text: 'près de la forêt', start: 22 } }],
  },
  {
    document: '桥',
    title: '赵州桥',
    text: '赵州桥由李春设计。桥上有四个小拱，𠀀字刻在石上。',
    questions: [
      { question: '谁设计了赵州桥？', answer: { text: '李春', start: 4 } },
      { question: '石上刻着什么字？', answer: { text: '𠀀', start: 17 } },
    ],
  },
  {
    document: '온돌',
    title: '온돌',
    text: '온돌은 바닥을 데우는 난방이다. 아궁이에서 불을 땐다.',
    questions: [{ question: '온돌은 무엇을 데우는가?', answer: { text: '바닥', start: 4 } }],
  },
  {
    document: 'घड़ा',
    title: 'घड़ा',
    text: 'मिट्टी का घड़ा पानी को ठंडा रखता है। कुम्हार उसे चाक पर बनाता है।',
    questions: [{ question: 'घड़ा किससे बनता है?', answer: { text: 'मिट्टी', start: 0 } }],
  },
];

export const rowLines = rows.map((row) => JSON.stringify(row)).join('\n');
