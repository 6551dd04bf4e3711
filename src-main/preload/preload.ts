import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopMethod } from '../shared/contract/desktop.ts';

const ask = (method: DesktopMethod) => (input: unknown) =>
  ipcRenderer.invoke(`desktop:${method}`, input) as Promise<unknown>;

// A file may be named before the page listens.
const early: string[] = [];
let openWith: ((path: string) => void) | null = null;
ipcRenderer.on('opened-with', (_, path: string) => {
  if (openWith) openWith(path);
  else early.push(path);
});

contextBridge.exposeInMainWorld('asklabDesktop', {
  openFileDialog: ask('openFileDialog'),
  saveFileDialog: ask('saveFileDialog'),
  revealPath: ask('revealPath'),
  setTheme: ask('setTheme'),
  windowCommand: ask('windowCommand'),
  pathForFile: (file: File) => webUtils.getPathForFile(file),
  onOpenedWith: (listener: (path: string) => void) => {
    openWith = listener;
    early.splice(0).forEach(listener);
  },
});

ipcRenderer.on('asklab-port', (event) => window.postMessage('asklab-port', window.location.origin, event.ports));
window.addEventListener('load', () => ipcRenderer.send('page-ready'));
