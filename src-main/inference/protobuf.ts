/** The few parts of the protobuf wire format that ONNX and SentencePiece need. */

export interface ProtobufField {
  readonly number: number;
  /** 0 varint, 1 fixed64, 2 bytes, 5 fixed32 */
  readonly wire: number;
  /** Varints up to 2^53; fixed32 as its raw bits. */
  readonly value: number;
  /** Payload of wire type 2, a view on the input. */
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** Iterates the fields of one message. Throws RangeError on truncated or malformed input. */
export function* readFields(data: Uint8Array): Generator<ProtobufField> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let position = 0;
  function varint(): number {
    let result = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      const byte = data[position++];
      if (byte === undefined) throw new RangeError('protobuf message is cut off');
      result += (byte & 127) * factor;
      if (byte < 128) return result;
      factor *= 128;
    }
    throw new RangeError('protobuf varint is too long');
  }
  while (position < data.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) {
      yield { number, wire, value: varint(), bytes: NO_BYTES };
    } else if (wire === 1 || wire === 5) {
      const size = wire === 1 ? 8 : 4;
      if (position + size > data.length) throw new RangeError('protobuf message is cut off');
      const value = view.getUint32(position, true);
      yield { number, wire, value, bytes: data.subarray(position, position + size) };
      position += size;
    } else if (wire === 2) {
      const size = varint();
      if (position + size > data.length) throw new RangeError('protobuf message is cut off');
      yield { number, wire, value: size, bytes: data.subarray(position, position + size) };
      position += size;
    } else {
      throw new RangeError(`protobuf wire type ${wire} is not supported`);
    }
  }
}

/** The float of a wire type 5 field. */
export function fieldFloat(field: ProtobufField): number {
  return new DataView(field.bytes.buffer, field.bytes.byteOffset, 4).getFloat32(0, true);
}

/** Collects chunks without copying large payloads until `finish`. */
export class ProtobufWriter {
  private chunks: Uint8Array[] = [];
  private length = 0;

  private push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  private rawVarint(value: number | bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.push(Uint8Array.from(bytes));
  }

  varint(number: number, value: number | bigint): this {
    this.rawVarint(number * 8);
    this.rawVarint(value);
    return this;
  }

  float(number: number, value: number): this {
    this.rawVarint(number * 8 + 5);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.push(bytes);
    return this;
  }

  bytes(number: number, value: Uint8Array): this {
    this.rawVarint(number * 8 + 2);
    this.rawVarint(value.length);
    this.push(value);
    return this;
  }

  string(number: number, value: string): this {
    return this.bytes(number, new TextEncoder().encode(value));
  }

  message(number: number, value: ProtobufWriter): this {
    this.rawVarint(number * 8 + 2);
    this.rawVarint(value.length);
    this.chunks.push(...value.chunks);
    this.length += value.length;
    return this;
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.length);
    let position = 0;
    for (const chunk of this.chunks) {
      out.set(chunk, position);
      position += chunk.length;
    }
    return out;
  }
}
