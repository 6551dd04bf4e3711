import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const bufferSize = 1 << 20;

/** A file under a temporary name that counts its hash as it grows. */
export class OutputFile {
  readonly name: string;
  readonly path: string;
  private readonly temporary: string;
  private readonly handle: number;
  private readonly hash: Hash = createHash('sha256');
  private pending: string[] = [];
  private pendingSize = 0;
  private bytes = 0;
  private open = true;

  constructor(folder: string, name: string) {
    this.name = name;
    this.path = join(folder, name);
    this.temporary = `${this.path}.part`;
    this.handle = openSync(this.temporary, 'w');
  }

  write(content: string | Uint8Array): void {
    if (typeof content !== 'string') {
      this.flush();
      return this.put(content);
    }
    this.pending.push(content);
    this.pendingSize += content.length;
    if (this.pendingSize >= bufferSize) this.flush();
  }

  /** Everything is on the disk after this, still under the temporary name. */
  close(): { name: string; bytes: number; sha256: string } {
    this.flush();
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
    this.open = false;
    rmSync(this.temporary, { force: true });
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    this.put(Buffer.from(this.pending.join('')));
    this.pending = [];
    this.pendingSize = 0;
  }

  private put(bytes: Uint8Array): void {
    this.hash.update(bytes);
    this.bytes += bytes.length;
    writeFileSync(this.handle, bytes);
  }
}

/** Makes renames in this folder last, where the system can. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
