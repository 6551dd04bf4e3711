import { z } from 'zod';

/** The few things only the desktop can do for the page; checked in main, which also checks the sender. */
export const desktop = {
  openFileDialog: z.object({
    kind: z.enum(['project', 'import', 'model', 'outputs', 'return', 'folder']),
    multiple: z.boolean().default(false),
  }),
  saveFileDialog: z.object({ kind: z.literal('project'), name: z.string() }),
  revealPath: z.string(),
  setTheme: z.enum(['system', 'light', 'dark']),
  windowCommand: z.enum(['minimise', 'maximise', 'close']),
} as const;
export type DesktopMethod = keyof typeof desktop;
