/** How a long computation is followed and stopped. */
export type Pace = { signal?: AbortSignal; onProgress?: (share: number) => void };

const breath = 12; // milliseconds of work between two pauses: under a frame

/**
 * A step of a long computation: call it often with the share done. Every few milliseconds it reports progress and lets
 * others run, so that one process can compute and answer.
 * @throws the signal's reason once it is aborted.
 */
export function pacer({ signal, onProgress }: Pace): (share: number) => Promise<void> | undefined {
  let pause = performance.now() + breath;
  return (share) => {
    if (performance.now() < pause) return undefined;
    return new Promise((resolve) => setImmediate(resolve)).then(() => {
      signal?.throwIfAborted();
      onProgress?.(share);
      pause = performance.now() + breath;
    });
  };
}
