import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import type { z } from 'zod';
import { desktop, type DesktopMethod } from '../shared/contract/desktop.ts';
import { pageOrigin } from './page.ts';

export type DesktopHandlers = {
  [Method in DesktopMethod]: (input: z.output<(typeof desktop)[Method]>, event: IpcMainInvokeEvent) => unknown;
};

/** Only our page's main frame may ask (Electron security checklist, item 17). */
export function isTrusted(frame: { url: string; parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(`${pageOrigin}/`);
}

export function handleDesktop(handlers: DesktopHandlers): void {
  for (const method of Object.keys(desktop) as DesktopMethod[]) {
    ipcMain.handle(`desktop:${method}`, (event, input: unknown) => {
      if (!isTrusted(event.senderFrame)) throw new Error('This sender is not trusted.');
      const handler = handlers[method] as (value: unknown, event: IpcMainInvokeEvent) => unknown;
      return handler(desktop[method].parse(input), event);
    });
  }
}

/** Runs `listener` when a page asks for its port. */
export function onPageReady(listener: (event: Electron.IpcMainEvent) => void): void {
  ipcMain.on('page-ready', (event) => {
    if (isTrusted(event.senderFrame)) listener(event);
  });
}
