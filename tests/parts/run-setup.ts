import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHARED_POSTGRES, startOwnPostgres, type OwnPostgres } from './postgres.ts';

const MEMORY_FOLDER = '/dev/shm';
const MEMORY_BYTES_MIN = 3_000_000_000;

/** Where a sync costs nothing, if there is room: tests end processes, and cut the power of recorded disks only. */
function fastRoot(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
    return bavail * bsize > MEMORY_BYTES_MIN ? MEMORY_FOLDER : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Whoever connects hears the address of one PostgreSQL; the first who does has it started. */
async function openDoor(): Promise<() => Promise<void>> {
  let started: Promise<OwnPostgres> | null = null;
  const door = createServer((socket) => {
    socket.on('error', () => undefined);
    started ??= startOwnPostgres();
    started.then(
      (postgres) => socket.end(postgres.urlOf('postgres')),
      (cause: unknown) => socket.end(String(cause)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  process.env[SHARED_POSTGRES] = String((door.address() as AddressInfo).port);
  return async () => {
    door.close();
    delete process.env[SHARED_POSTGRES];
    const postgres = await started?.catch(() => null);
    await postgres?.stop();
  };
}

/**
 * What all files of a run share: a fast folder for whatever they make, gone at the end, and one PostgreSQL, since
 * starting one takes longer than most files. Vitest calls this once per project, before its workers start.
 */
export default async function setUpRun(): Promise<() => Promise<void>> {
  if (process.env[SHARED_POSTGRES] !== undefined) return () => Promise.resolve();
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(fastRoot(), 'counterfoil-run-'));
  // PostgreSQL's own user passes through.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  // The same bundles are started hundreds of times: compiled once.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled');
  // A run that is broken off leaves no gigabytes of memory behind.
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  const closeDoor = await openDoor();
  return async () => {
    await closeDoor();
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    process.off('exit', clear);
    clear();
  };
}
