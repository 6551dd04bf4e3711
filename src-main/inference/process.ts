/** Entry of the inference process: Electron's utilityProcess (parentPort) or a plain Node child (fork). */
import { InferenceService, type ServicePort } from './service.ts';

interface PortEvent {
  readonly data: unknown;
  readonly ports?: readonly TransferredPort[];
}
interface TransferredPort extends ServicePort {
  on(event: 'message', listener: (event: PortEvent) => void): void;
  start?(): void;
}
interface UtilityProcess {
  readonly parentPort?: TransferredPort;
}

function main(): void {
  const service = new InferenceService();
  const { parentPort } = process as unknown as UtilityProcess;
  if (parentPort) {
    const handle = service.serve(parentPort);
    parentPort.on('message', (event) => {
      const [port] = event.ports ?? [];
      if (!port) {
        handle(event.data);
        return;
      }
      const serve = service.serve(port);
      port.on('message', ({ data }) => serve(data));
      port.start?.();
    });
    return;
  }
  if (!process.send) throw new Error('The inference process must be started by Asklab.');
  const handle = service.serve({ postMessage: (message) => void process.send?.(message) });
  process.on('message', handle);
  process.on('disconnect', () => process.exit(0));
  // Ctrl+C reaches the whole group: the command that started this process ends it when its row is done.
  process.on('SIGINT', () => undefined);
}

main();
