/**
 * Writes ONNX ModelProto by hand (opset 17, or 23 where a graph uses Attention), so that graphs are built from a bundle's tensors at load
 * and no exporter is needed. Field numbers: onnx.proto3 of ONNX 1.12 (IR version 8).
 */
import { ProtobufWriter } from '../protobuf.ts';

export type ElementType = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';
/** A number is a fixed size, a string names a symbolic one. */
export type Dimension = number | string;
export type Attribute =
  number | string | readonly number[] | { readonly float: number } | { readonly graph: GraphBuilder };

const ELEMENT_CODE = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } satisfies Record<
  ElementType,
  number
>;
type TensorData = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

function elementTypeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int32Array) return 'int32';
  return 'int64';
}

/** One graph under construction. Every method that adds a node returns the name of its first output. */
export class GraphBuilder {
  private readonly nodes: ProtobufWriter[] = [];
  private readonly initializers: ProtobufWriter[];
  private readonly inputs: ProtobufWriter[] = [];
  private readonly outputs: ProtobufWriter[] = [];
  private readonly constants: Map<string, string>;
  private readonly shared: { counter: number; usesMicrosoft: boolean; opset: number };

  /** With a parent, a branch of an If node: names are unique across both and tensors belong to the outermost graph. */
  constructor(parent?: GraphBuilder) {
    this.initializers = parent?.initializers ?? [];
    this.constants = parent?.constants ?? new Map();
    this.shared = parent?.shared ?? { counter: 0, usesMicrosoft: false, opset: 17 };
  }

  private fresh(stem: string): string {
    return `${stem}_${this.shared.counter++}`;
  }

  private valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ProtobufWriter {
    const dimensions = new ProtobufWriter();
    for (const dimension of shape) {
      const item = new ProtobufWriter();
      if (typeof dimension === 'number') item.varint(1, dimension);
      else item.string(2, dimension);
      dimensions.message(1, item);
    }
    const tensor = new ProtobufWriter().varint(1, ELEMENT_CODE[type]).message(2, dimensions);
    return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensor));
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.inputs.push(this.valueInfo(name, type, shape));
    return name;
  }

  /** Declares `value` as a graph output called `name`. */
  output(name: string, value: string, type: ElementType, shape: readonly Dimension[]): void {
    this.node('Identity', [value], {}, [name]);
    this.declare(name, type, shape);
  }

  /** Declares a node's output as a graph output under its own name. */
  declare(name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.outputs.push(this.valueInfo(name, type, shape));
  }

  /** A constant tensor; `shape` of [] is a scalar. */
  tensor(stem: string, data: TensorData, shape: readonly number[]): string {
    const name = this.fresh(stem);
    const tensor = new ProtobufWriter();
    for (const size of shape) tensor.varint(1, size);
    tensor.varint(2, ELEMENT_CODE[elementTypeOf(data)]).string(8, name);
    tensor.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.initializers.push(tensor);
    return name;
  }

  /** A small int64 vector or, with `scalar`, a 0-d tensor; equal ones are shared. */
  integers(values: readonly number[], scalar = false): string {
    const key = `i${scalar ? 's' : 'v'}${values.join(',')}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.tensor('int', BigInt64Array.from(values, BigInt), scalar ? [] : [values.length]);
    this.constants.set(key, name);
    return name;
  }

  /** A float32 scalar; equal ones are shared. */
  scalar(value: number): string {
    const key = `f${value}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.tensor('scalar', Float32Array.of(value), []);
    this.constants.set(key, name);
    return name;
  }

  /** Adds a node with given or fresh output names. Operators named `com.microsoft:X` use that domain. */
  addNode(
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute>,
    outputs: readonly string[],
  ): void {
    const [domain, type] = operator.includes(':') ? operator.split(':') : ['', operator];
    const node = new ProtobufWriter();
    for (const input of inputs) node.string(1, input);
    for (const output of outputs) node.string(2, output);
    node.string(3, this.fresh('n')).string(4, type ?? operator);
    if (domain) {
      this.shared.usesMicrosoft = true;
      node.string(7, domain);
    }
    if (operator === 'Attention') this.shared.opset = 23;
    for (const [name, value] of Object.entries(attributes)) node.message(5, writeAttribute(name, value));
    this.nodes.push(node);
  }

  node(
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute> = {},
    outputs?: readonly string[],
  ): string {
    const names = outputs ?? [this.fresh(operator.toLowerCase().replace(':', '_'))];
    this.addNode(operator, inputs, attributes, names);
    return names[0] ?? '';
  }

  /** Adds a node with `count` fresh outputs and returns all their names. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly string[],
    count: number,
    attributes: Record<string, Attribute> = {},
  ): string[] {
    const names = Array.from({ length: count }, () => this.fresh(operator.toLowerCase()));
    this.addNode(operator, inputs, attributes, names);
    return names;
  }

  /** An If node over one bool; both branches declare `count` outputs. Returns the node's outputs. */
  choose(condition: string, branches: { yes: GraphBuilder; no: GraphBuilder }, count: number): string[] {
    return this.nodeWithOutputs('If', [condition], count, {
      then_branch: { graph: branches.yes },
      else_branch: { graph: branches.no },
    });
  }

  reshape(value: string, shape: readonly number[]): string {
    return this.node('Reshape', [value, this.integers(shape)]);
  }

  transpose(value: string, permutation: readonly number[]): string {
    return this.node('Transpose', [value], { perm: permutation });
  }

  /** The GraphProto without tensors: what an If branch holds. */
  writeBranch(): ProtobufWriter {
    const graph = new ProtobufWriter();
    for (const node of this.nodes) graph.message(1, node);
    graph.string(2, this.fresh('branch'));
    for (const output of this.outputs) graph.message(12, output);
    return graph;
  }

  finish(name: string): Uint8Array {
    const graph = new ProtobufWriter();
    for (const node of this.nodes) graph.message(1, node);
    graph.string(2, name);
    for (const tensor of this.initializers) graph.message(5, tensor);
    for (const input of this.inputs) graph.message(11, input);
    for (const output of this.outputs) graph.message(12, output);
    const model = new ProtobufWriter().varint(1, 8).string(2, 'asklab').message(7, graph);
    model.message(8, new ProtobufWriter().string(1, '').varint(2, this.shared.opset));
    if (this.shared.usesMicrosoft) model.message(8, new ProtobufWriter().string(1, 'com.microsoft').varint(2, 1));
    return model.finish();
  }
}

function writeAttribute(name: string, value: Attribute): ProtobufWriter {
  const attribute = new ProtobufWriter().string(1, name);
  if (typeof value === 'number') return attribute.varint(3, value).varint(20, 2);
  if (typeof value === 'string') return attribute.string(4, value).varint(20, 3);
  if ('graph' in value) return attribute.message(6, value.graph.writeBranch()).varint(20, 5);
  if ('float' in value) return attribute.float(2, value.float).varint(20, 1);
  for (const item of value) attribute.varint(8, item);
  return attribute.varint(20, 7);
}
