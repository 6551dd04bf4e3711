import { hash, randomBytes } from 'node:crypto';

/** 128 bits of SHA-256 over the parts, in hex: the same content is the same row on every machine. */
export function contentId(...parts: readonly string[]): string {
  return hash('sha256', parts.map((part) => part.normalize('NFC')).join('\u0000')).slice(0, 32);
}

/** UUID version 7 (RFC 9562): 48 bits of milliseconds, then random. */
export function uuidV7(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Hybrid logical clock: sorts as text, never runs backwards on a device, and stays near wall time. */
export class Clock {
  private last: string;
  private readonly device: string;

  constructor(device: string, last: string | null) {
    this.device = device;
    this.last = last ?? '';
  }

  /** A time seen on another device: what comes after here sorts after it. */
  observe(clock: string): void {
    if (clock > this.last) this.last = clock;
  }

  next(now: number = Date.now()): string {
    const [time = '', count = ''] = this.last.split('-');
    const wall = now.toString(16).padStart(12, '0');
    const ahead = time >= wall;
    const counter = ahead ? Number.parseInt(count, 16) + 1 : 0;
    this.last = `${ahead ? time : wall}-${counter.toString(16).padStart(6, '0')}-${this.device}`;
    return this.last;
  }
}
