import type { Weight, Weights } from '../bundle/bundle.ts';
import { required } from '../errors.ts';
import type { GraphBuilder } from './onnx-writer.ts';

export interface GraphOptions {
  /** Use int8 products where the bundle has both int8 weights and an activation scale. */
  readonly int8: boolean;
  /** Only operators that every execution provider has (WebGPU). Implies fp32. */
  readonly portable: boolean;
  /** Run the last layer for all rows although only some need logits: for the benchmark's reference. */
  readonly everyRow?: boolean;
}

const NORM_EPSILON = 1e-5;

/** [rows, columns] to [columns, rows]. */
export function transposed<T extends Float32Array | Int8Array>(values: T, rows: number, columns: number): T {
  const out = values.slice() as T;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[column * rows + row] = values[row * columns + column] ?? 0;
  }
  return out;
}

/** Emits layers of one graph from named weights. */
export class LayerWriter {
  readonly graph: GraphBuilder;
  private readonly weights: Weights;
  private readonly scales: Readonly<Record<string, number>>;
  private readonly options: GraphOptions;
  private readonly quantized = new Map<string, string>();

  constructor(graph: GraphBuilder, weights: Weights, scales: Readonly<Record<string, number>>, options: GraphOptions) {
    this.graph = graph;
    this.weights = weights;
    this.scales = scales;
    this.options = options;
  }

  weight(name: string): Weight {
    return required(this.weights.get(name), `tensor ${name}`);
  }

  /**
   * x · weightᵀ + bias for x [.., in] and weight [out, in]. `factor` scales the result (attention's 1/sqrt(D) is folded in).
   * `scaleKey` names the activation scale; `nonNegative` says x comes from a ReLU and may use all 8 bits. `wide` says that the
   * result [n, out] is too large for a cache: in fp32 the bias is then one more row of the weight, for otherwise it is written
   * to memory before the product, on one thread.
   */
  linear(
    x: string,
    name: string,
    biasName: string | null,
    scaleKey: string | null,
    { factor = 1, nonNegative = false, wide = false } = {},
  ): string {
    const { graph } = this;
    const weight = this.weight(name);
    const [rows = 0, columns = 0] = weight.shape;
    const bias =
      biasName === null
        ? null
        : this.weight(biasName)
            .float()
            .map((value) => value * factor);
    const scale = scaleKey === null ? undefined : this.scales[scaleKey];
    if (this.options.int8 && weight.int8 && scale !== undefined) {
      const input = this.quantize(x, scale, nonNegative);
      const values = graph.tensor('weight', transposed(weight.int8.values, rows, columns), [columns, rows]);
      const columnScale = graph.tensor(
        'scale',
        weight.int8.scale.map((value) => value * factor),
        [rows],
      );
      const inputs = [input.values, values, input.scale, columnScale, input.zero, ''];
      if (bias !== null) inputs.push(graph.tensor('bias', bias, [rows]));
      return graph.node('com.microsoft:MatMulIntegerToFloat', inputs);
    }
    const values = transposed(weight.float(), rows, columns).map((value) => value * factor);
    if (wide && bias !== null && !this.options.portable) {
      const weightAndBias = new Float32Array(values.length + rows);
      weightAndBias.set(values);
      weightAndBias.set(bias, values.length);
      const xAndOne = graph.node('Pad', [x, graph.integers([0, 0, 0, 1]), graph.scalar(1)]);
      return graph.node('MatMul', [xAndOne, graph.tensor('weight', weightAndBias, [columns + 1, rows])]);
    }
    const product = graph.node('MatMul', [x, graph.tensor('weight', values, [columns, rows])]);
    return bias === null ? product : graph.node('Add', [product, graph.tensor('bias', bias, [rows])]);
  }

  private quantize(x: string, scale: number, nonNegative: boolean): { values: string; scale: string; zero: string } {
    const { graph } = this;
    const step = nonNegative ? (scale * 127) / 255 : scale;
    const key = `${x}|${step}`;
    const scaleName = graph.scalar(step);
    const zero = graph.tensor('zero', Uint8Array.of(nonNegative ? 0 : 128), []);
    const values = this.quantized.get(key) ?? graph.node('QuantizeLinear', [x, scaleName, zero]);
    this.quantized.set(key, values);
    return { values, scale: scaleName, zero };
  }

  norm(x: string, name: string): string {
    const weight = this.weight(`${name}.weight`);
    const size = required(weight.shape[0]);
    const gamma = this.graph.tensor('gamma', weight.float(), [size]);
    const beta = this.graph.tensor('beta', this.weight(`${name}.bias`).float(), [size]);
    return this.graph.node('LayerNormalization', [x, gamma, beta], { axis: -1, epsilon: { float: NORM_EPSILON } });
  }

  /** Rows of a table by int64 ids; int8 tables stay int8 in memory. */
  lookup(name: string, ids: string): string {
    const { graph } = this;
    const weight = this.weight(name);
    const shape = [...weight.shape];
    if (this.options.int8 && weight.int8) {
      const rows = graph.node('Gather', [graph.tensor('table', weight.int8.values, shape), ids], { axis: 0 });
      const scale = graph.node(
        'Gather',
        [graph.tensor('table_scale', weight.int8.scale, [required(shape[0]), 1]), ids],
        { axis: 0 },
      );
      return graph.node('Mul', [graph.node('Cast', [rows], { to: 1 }), scale]);
    }
    return graph.node('Gather', [graph.tensor('table', weight.float(), shape), ids], { axis: 0 });
  }
}
