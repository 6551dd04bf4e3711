/** What decoding needs of a model. Decoding code knows nothing of ONNX. */

/** Next-token candidates of one row, best first. Tokens that are absent are less likely than all that are present. */
export interface RowCandidates {
  readonly ids: Int32Array;
  readonly logProbabilities: Float64Array;
}

/** A row of the next step: `token` appended to row `parent` of the step before. */
export interface NextRow {
  readonly parent: number;
  readonly token: number;
}

/** A batch of passages being decoded, each with the same number of rows. */
export interface StepBatch {
  /** Reads the sources and the separator; one row of candidates per passage. */
  start(): Promise<RowCandidates[]>;
  /** One step for the passages still in the batch, `rows` in their order, each of exactly the batch's row count. */
  step(rows: readonly (readonly NextRow[])[]): Promise<RowCandidates[][]>;
  /** Drops all passages but those at these rising positions. */
  keep(positions: readonly number[]): void;
  /** The batch is done with: its memory may serve another. */
  release(): void;
}

/** One source, tokens already windowed; segments 0 unmarked, 1 focus, 2 answer. */
export interface Source {
  readonly tokens: Int32Array;
  readonly segments: Uint8Array;
  /** The separator's segment: 3 and above where the answer's kind is known. */
  readonly separatorSegment?: number;
}
