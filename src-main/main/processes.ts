import { join } from 'node:path';
import { app, MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron';

const restartLimit = 3;

/** Starts the engine with the app and the inference process on the engine's request. */
export class Processes {
  private readonly engine: UtilityProcess;
  private inference: UtilityProcess | null = null;

  constructor(folder: string, resources: string, engineDied: () => void) {
    this.engine = utilityProcess.fork(join(folder, 'engine.cjs'), [app.getPath('userData'), resources], {
      serviceName: 'Asklab engine',
    });
    let stopping = false;
    app.on('before-quit', () => {
      stopping = true;
    });
    this.engine.on('exit', () => {
      if (!stopping) engineDied();
    });
    this.engine.on('message', (message: { kind?: string }) => {
      if (message.kind === 'need-inference') this.connectInference(folder, 0);
    });
  }

  connectPage(page: WebContents): void {
    const { port1, port2 } = new MessageChannelMain();
    this.engine.postMessage({ kind: 'page' }, [port1]);
    page.postMessage('asklab-port', null, [port2]);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.engine.once('exit', () => resolve());
      this.engine.postMessage({ kind: 'stop' });
      setTimeout(resolve, 3000);
    });
  }

  private connectInference(folder: string, attempt: number): void {
    this.inference ??= this.forkInference(folder);
    const { port1, port2 } = new MessageChannelMain();
    try {
      this.inference.postMessage({ kind: 'connect' }, [port1]);
    } catch (error) {
      this.inference = null;
      if (attempt >= restartLimit) throw error;
      return void setTimeout(() => this.connectInference(folder, attempt + 1), 500 * 2 ** attempt);
    }
    this.engine.postMessage({ kind: 'inference' }, [port2]);
  }

  private forkInference(folder: string): UtilityProcess {
    const child = utilityProcess.fork(join(folder, 'inference.cjs'), [], { serviceName: 'Asklab inference' });
    child.on('exit', () => {
      if (this.inference === child) this.inference = null;
    });
    return child;
  }
}
