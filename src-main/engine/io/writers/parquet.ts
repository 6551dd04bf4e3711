import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportItem, Settings } from '../items.ts';
import { huggingFaceRow, type HuggingFaceRow } from './datasets.ts';
import { lineageOf } from './writer.ts';

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

const names = ['id', 'title', 'context', 'question'] as const;
const answers: SchemaElement[] = [
  { name: 'answers', num_children: 2, repetition_type: 'REQUIRED' },
  ...listOf('text', text('element')),
  ...listOf('answer_start', { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' }),
];

/** Writes Hugging Face rows, a few thousand at a time, through `out`. */
export class ParquetRows {
  private readonly bytes = new ByteWriter();
  private readonly writer: ParquetWriter;
  private readonly settings: Settings;
  private rows: (HuggingFaceRow & { lineage: string })[] = [];

  constructor(settings: Settings, out: (bytes: Uint8Array) => void) {
    this.settings = settings;
    const { bytes } = this;
    const flush = (): void => {
      out(new Uint8Array(bytes.buffer.slice(0, bytes.index)));
      bytes.index = 0;
    };
    bytes.finish = flush;
    const schema: SchemaElement[] = [
      { name: 'root', num_children: names.length + (settings.lineage ? 2 : 1) },
      ...names.map(text),
      ...answers,
      ...(settings.lineage ? [text('lineage')] : []),
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
    const column = (name: keyof (typeof rows)[number]) => ({ name, data: rows.map((row) => row[name]) });
    const columnData = [...names, 'answers' as const, ...(this.settings.lineage ? ['lineage' as const] : [])];
    if (rows.length > 0) void this.writer.write({ columnData: columnData.map(column), rowGroupSize: rows.length });
    this.rows = [];
  }
}
