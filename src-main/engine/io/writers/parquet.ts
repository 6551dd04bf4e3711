import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportItem, Settings } from '../items.ts';
import { huggingFaceRow, type HuggingFaceRow } from './datasets.ts';
import { chooses, lineageOf } from './writer.ts';

const rowsPerGroup = 5000;

function text(name: string): SchemaElement {
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' };
}

function listOf(name: string, element: SchemaElement): SchemaElement[] {
  return [
    { name, num_children: 1, converted_type: 'LIST', repetition_type: 'REQUIRED' },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    element,
  ];
}

/** Each column and what stands for it in the schema. */
const columns: Record<keyof HuggingFaceRow | 'lineage', SchemaElement[]> = {
  id: [text('id')],
  title: [text('title')],
  context: [text('context')],
  question: [text('question')],
  answers: [
    { name: 'answers', num_children: 2, repetition_type: 'REQUIRED' },
    ...listOf('text', text('element')),
    ...listOf('answer_start', { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' }),
  ],
  is_impossible: [{ name: 'is_impossible', type: 'BOOLEAN', repetition_type: 'REQUIRED' }],
  language: [text('language')],
  lineage: [text('lineage')],
};
type Column = keyof typeof columns;

/** Writes Hugging Face rows, a few thousand at a time, through `out`. */
export class ParquetRows {
  private readonly bytes = new ByteWriter();
  private readonly writer: ParquetWriter;
  private readonly settings: Settings;
  private readonly names: Column[];
  private rows: (HuggingFaceRow & { lineage: string })[] = [];

  constructor(settings: Settings, out: (bytes: Uint8Array) => void) {
    this.settings = settings;
    const wanted = chooses(settings);
    this.names = (Object.keys(columns) as Column[]).filter((name) =>
      name === 'lineage' ? settings.lineage : wanted(name),
    );
    const { bytes } = this;
    const flush = (): void => {
      out(new Uint8Array(bytes.buffer.slice(0, bytes.index)));
      bytes.index = 0;
    };
    bytes.finish = flush;
    const schema: SchemaElement[] = [
      { name: 'root', num_children: this.names.length },
      ...this.names.flatMap((name) => columns[name]),
    ];
    this.writer = new ParquetWriter({ writer: Object.assign(bytes, { flush }), schema, createdBy: 'asklab' });
  }

  item(item: ExportItem): void {
    for (const question of item.questions) {
      const lineage = JSON.stringify(lineageOf(question, this.settings));
      this.rows.push({ ...huggingFaceRow(item, question), lineage });
    }
    if (this.rows.length >= rowsPerGroup) this.group();
  }

  finish(): void {
    this.group();
    void this.writer.finish();
  }

  private group(): void {
    const { rows } = this;
    const columnData = this.names.map((name) => ({ name, data: rows.map((row) => row[name]) }));
    if (rows.length > 0) void this.writer.write({ columnData, rowGroupSize: rows.length });
    this.rows = [];
  }
}
