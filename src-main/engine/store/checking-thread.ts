/** Entry of the thread that reads a project file through; says what is wrong with it, or null. */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { applicationId, isSound } from './open.ts';

const { path, readonly } = workerData as { path: string; readonly: boolean };

function wrong(): { code: string } | null {
  try {
    const database = new Database(path, { readonly, timeout: 2000 });
    // Another program's file is refused by whoever opens it.
    const ours = database.pragma('application_id', { simple: true }) === applicationId;
    const sound = !ours || isSound(database);
    database.close();
    return sound ? null : { code: 'SQLITE_CORRUPT' };
  } catch (error) {
    return { code: (error as { code?: string }).code ?? '' };
  }
}

parentPort?.postMessage(wrong());
