import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopMethod } from '../shared/contract/desktop.ts';

const ask = (method: DesktopMethod) => (input: unknown) =>
  ipcRenderer.invoke(`desktop:${method}`, input) as Promise<unknown>;

/** Projects the system asked to open before the page listened. */
let early: string[] = [];
let open = (path: string): void => void early.push(path);
ipcRenderer.on('opened-with', (_, path: string) => open(path));

contextBridge.exposeInMainWorld('asklabDesktop', {
  openFileDialog: ask('openFileDialog'),
  saveFileDialog: ask('saveFileDialog'),
  revealPath: ask('revealPath'),
  setTheme: ask('setTheme'),
  windowCommand: ask('windowCommand'),
  pathForFile: (file: File) => webUtils.getPathForFile(file),
  onOpenedWith: (listener: (path: string) => void) => {
    open = listener;
    early.forEach(listener);
    early = [];
  },
});

ipcRenderer.on('asklab-port', (event) => window.postMessage('asklab-port', window.location.origin, event.ports));
window.addEventListener('load', () => ipcRenderer.send('page-ready'));
