import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ExportSettings } from '../../shared/contract/exporting.ts';
import { AsklabError } from '../../shared/errors.ts';
import type { Project } from '../store/project.ts';
import { exportItems } from './items.ts';
import { planSplits } from './split.ts';
import { huggingFaceRow, writers } from './writers.ts';

export interface Exported {
  files: string[];
  rows: number;
  passages: number;
}

/**
 * Writes one file per split and `manifest.json`, under other names first and renamed at the end: what was there before stays
 * until the new is whole. The same project and settings give the same bytes. Error: 'write-failed'.
 */
export async function exportProject(
  project: Project,
  settings: ExportSettings,
  checkpoint: () => Promise<void>,
  progress: (done: number) => void,
): Promise<Exported> {
  const plan = planSplits(exportItems(project, settings), settings.split);
  const names = plan.splits.map((split) => split.name);
  try {
    mkdirSync(settings.folder, { recursive: true });
  } catch (error) {
    throw new AsklabError(
      'write-failed',
      `The folder cannot be made: ${error instanceof Error ? error.message : String(error)}. Choose another one.`,
    );
  }
  const files = new Map<string, OpenFile>();
  let rows = 0;
  let passages = 0;
  try {
    if (settings.format === 'hf-parquet') {
      const tables = new Map(names.map((name) => [name, [] as ReturnType<typeof huggingFaceRow>[]]));
      for (const item of exportItems(project, settings)) {
        tables
          .get(plan.of.get(item.passage.id) ?? '')
          ?.push(...item.questions.map((question) => huggingFaceRow(item, question)));
        progress((passages += 1));
        await checkpoint();
      }
      for (const [name, table] of tables) {
        files.set(name, new OpenFile(settings.folder, `${name}-00000-of-00001.parquet`));
        files.get(name)?.write(parquetOf(table));
        rows += table.length;
      }
      const card = new OpenFile(settings.folder, 'README.md');
      card.write(datasetCard(plan.splits));
      files.set('README', card);
    } else {
      const writer = writers[settings.format](settings);
      for (const name of names) {
        const file = new OpenFile(settings.folder, `${name}.${writer.extension}`);
        file.write(writer.head);
        files.set(name, file);
      }
      for (const item of exportItems(project, settings)) {
        const split = plan.of.get(item.passage.id) ?? '';
        const text = writer.item(item, split);
        if (text !== null) {
          files.get(split)?.item(text, writer.between);
          rows += item.questions.length;
        }
        progress((passages += 1));
        await checkpoint();
      }
      for (const file of files.values()) file.write(writer.tail);
    }
    const { folder: _, ...portable } = settings;
    const contents = [...files.values()].map((file) => file.close());
    const manifest = new OpenFile(settings.folder, 'manifest.json');
    manifest.write(
      `${JSON.stringify({ format: 'asklab-export', version: 1, settings: portable, splits: plan.splits, files: contents }, null, 2)}\n`,
    );
    manifest.close();
    const all = [...files.values(), manifest];
    for (const file of all) file.settle();
    return { files: all.map((file) => file.path), rows, passages };
  } catch (error) {
    for (const file of files.values()) file.discard();
    const code = (error as { code?: string }).code;
    if (code === 'ENOSPC')
      throw new AsklabError(
        'disk-full',
        'Export stopped: the disk is full. What was there before is untouched. Free some space or choose another folder.',
      );
    throw error;
  }
}

/** A file under a temporary name that counts its hash as it grows. */
class OpenFile {
  readonly path: string;
  private readonly name: string;
  private readonly temporary: string;
  private readonly handle: number;
  private readonly hash: Hash = createHash('sha256');
  private bytes = 0;
  private items = 0;
  private open = true;

  constructor(folder: string, name: string) {
    this.name = name;
    this.path = join(folder, name);
    this.temporary = `${this.path}.part`;
    this.handle = openSync(this.temporary, 'w');
  }

  write(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.hash.update(bytes);
    this.bytes += bytes.length;
    writeSync(this.handle, bytes);
  }

  item(text: string, between: string): void {
    this.write(this.items === 0 ? text : between + text);
    this.items += 1;
  }

  close(): { name: string; bytes: number; sha256: string } {
    fsyncSync(this.handle);
    closeSync(this.handle);
    this.open = false;
    return { name: this.name, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  settle(): void {
    renameSync(this.temporary, this.path);
  }

  discard(): void {
    if (this.open) closeSync(this.handle);
    rmSync(this.temporary, { force: true });
  }
}

function parquetOf(rows: readonly ReturnType<typeof huggingFaceRow>[]): Uint8Array {
  const text = (name: 'id' | 'title' | 'context' | 'question') => ({
    name,
    data: rows.map((row) => row[name]),
    type: 'STRING' as const,
  });
  const answers = { name: 'answers', data: rows.map((row) => JSON.stringify(row.answers)), type: 'STRING' as const };
  return new Uint8Array(
    parquetWriteBuffer({ columnData: [text('id'), text('title'), text('context'), text('question'), answers] }),
  );
}

function datasetCard(splits: readonly { name: string; questions: number }[]): string {
  return [
    '---',
    'configs:',
    '- config_name: default',
    '  data_files:',
    ...splits.flatMap((split) => [`  - split: ${split.name}`, `    path: ${split.name}-00000-of-00001.parquet`]),
    'dataset_info:',
    '  features:',
    ...['id', 'title', 'context', 'question', 'answers'].flatMap((name) => [`  - name: ${name}`, '    dtype: string']),
    '  splits:',
    ...splits.flatMap((split) => [`  - name: ${split.name}`, `    num_examples: ${split.questions}`]),
    '---',
    '',
    'Questions reviewed in Asklab. `answers` is JSON text: `{"text": [...], "answer_start": [...]}`, offsets in code points.',
    '',
  ].join('\n');
}
