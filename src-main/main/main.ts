import { join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, shell } from 'electron';
import { handleDesktop, onPageReady } from './ipc.ts';
import { pageOrigin, registerScheme, servePage } from './page.ts';
import { Processes } from './processes.ts';

const output = join(__dirname, '..');
const resources = app.isPackaged ? process.resourcesPath : join(output, '..', 'resources');

const filters = {
  project: [{ name: 'Asklab', extensions: ['asklab', 'asklab-package'] }],
  import: [{ name: 'Passages', extensions: ['txt', 'md', 'jsonl', 'json', 'csv', 'tsv', 'parquet'] }],
  outputs: [{ name: 'Outputs', extensions: ['jsonl', 'csv', 'tsv'] }],
  return: [{ name: 'Asklab return', extensions: ['asklab-return'] }],
  model: [{ name: 'Asklab model', extensions: ['asklab-model', 'json'] }],
};

/** The file that the page opens once it is ready; macOS names one before there is a window. */
let waiting = fileIn(process.argv, process.cwd());
let open = (path: string): void => void (waiting = path);
app.on('open-file', (event, path) => {
  event.preventDefault();
  open(path);
});

registerScheme();
// As root Chromium cannot make its sandbox; the test machines say so with this switch.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
if (process.env['ASKLAB_USER_DATA']) app.setPath('userData', process.env['ASKLAB_USER_DATA']);

if (!app.requestSingleInstanceLock()) app.quit();
else void app.whenReady().then(start);

function start(): void {
  servePage(join(output, 'renderer'));
  const processes = new Processes(join(output, 'main'), resources, () => {
    dialog.showErrorBox('Asklab', 'The engine stopped. Everything shown as saved is on disk. Start Asklab again.');
    app.exit(1);
  });
  const window = openWindow();
  onPageReady((event) => {
    processes.connectPage(event.sender);
    open = (path) => window.webContents.send('opened-with', path);
    if (waiting !== undefined) open(waiting); // again after a reload
  });
  app.on('second-instance', (_, argv, folder) => {
    const path = fileIn(argv, folder);
    if (path !== undefined) open(path);
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void processes.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });
  app.on('window-all-closed', () => app.quit());

  handleDesktop({
    async openFileDialog({ kind, multiple }) {
      const pick = kind === 'folder' ? ['openDirectory' as const, 'createDirectory' as const] : ['openFile' as const];
      const result = await dialog.showOpenDialog(window, {
        properties: multiple ? [...pick, 'multiSelections'] : pick,
        filters: kind === 'folder' ? [] : filters[kind],
      });
      return result.filePaths;
    },
    async saveFileDialog({ name }) {
      const result = await dialog.showSaveDialog(window, {
        defaultPath: `${name}.asklab`,
        filters: [{ name: 'Asklab', extensions: ['asklab'] }],
      });
      return result.canceled ? null : result.filePath;
    },
    revealPath: (path) => shell.showItemInFolder(path),
    setTheme(theme) {
      nativeTheme.themeSource = theme;
    },
    windowCommand(command) {
      if (command === 'minimise') window.minimize();
      else if (command === 'close') window.close();
      else if (window.isMaximized()) window.unmaximize();
      else window.maximize();
    },
  });
}

function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 800,
    minHeight: 600,
    title: 'Asklab',
    frame: process.platform === 'darwin',
    titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'default',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#111416' : '#f0f2f3',
    webPreferences: {
      preload: join(output, 'preload', 'preload.cjs'),
      sandbox: !app.commandLine.hasSwitch('no-sandbox'),
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.removeMenu();
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
  void window.loadURL(`${pageOrigin}/index.html`);
  return window;
}

/** The file that the app was started with, seen from the folder it was started in. */
function fileIn(argv: readonly string[], folder: string): string | undefined {
  const path = argv.slice(1).find((argument) => /\.asklab(-package|-return|-model)?$/i.test(argument));
  return path === undefined ? undefined : resolve(folder, path);
}
