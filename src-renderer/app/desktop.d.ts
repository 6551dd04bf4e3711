/** What the preload script offers beside the port. */
interface AsklabDesktop {
  openFileDialog(options: {
    kind: 'project' | 'import' | 'model' | 'outputs' | 'return' | 'folder';
    multiple?: boolean;
  }): Promise<string[]>;
  saveFileDialog(options: { kind: 'project'; name: string }): Promise<string | null>;
  revealPath(path: string): Promise<void>;
  setTheme(theme: 'system' | 'light' | 'dark'): Promise<void>;
  windowCommand(name: 'minimise' | 'maximise' | 'close'): Promise<void>;
  pathForFile(file: File): string;
  onOpenedWith(listener: (path: string) => void): void;
}

interface Window {
  asklabDesktop?: AsklabDesktop;
}
