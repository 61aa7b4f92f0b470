import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openAckJournal, type AckJournal } from './ack-journal.ts';
import type { Clock } from '../sync/base/clock.ts';
import type { Crypto } from '../sync/base/crypto.ts';
import type { Database } from './database.ts';
import { toLogged } from './log.ts';
import { removeOutlived } from './outlived.ts';
import { readMark, replayJournal } from './replay.ts';
import { findLastErasure } from './repos/erasures.ts';

const LOOK_MS = 60_000;
/** A dump takes seconds, in which nobody is answered. */
const BYTES_MAX = 32 * 1024 * 1024;
const DUMP_EACH_MS = 60 * 60_000;

/** Keeps what the embedded database committed safe against a power cut: a journal, and dumps that cut it. */
export interface TrialKeeper {
  journal: AckJournal;
  /** Does again what is missing. First of all, before the database is migrated. */
  recover(): Promise<void>;
  /**
   * From here on everything is journalled, and the journal's size looked after.
   *
   * @param isChanged The database was filled or migrated since `recover`: no line tells of that.
   */
  start(isChanged: boolean): Promise<void>;
  /** A dump now; the journal begins anew. */
  checkpoint(): Promise<void>;
  /**
   * After the database was closed. The journal stays: with the dump it makes this state again, should the power go
   * during the next start.
   */
  end(): Promise<void>;
}

export async function openTrialKeeper(
  folder: string,
  { database, log, clock, crypto }: { database: Database; log: Logger; clock: Clock; crypto: Crypto },
): Promise<TrialKeeper> {
  const journal = await openAckJournal(folder);
  let timer: NodeJS.Timeout | undefined;
  let dumpedAt = performance.now();
  let running: Promise<void> = Promise.resolve();
  const clearOut = async (): Promise<unknown> => {
    const erasedAtMs = await findLastErasure(database.sql);
    return removeOutlived(folder, { nowMs: clock.nowMs(), erasedAtMs, log });
  };
  const dump = async (): Promise<void> => {
    await journal.rotate();
    await database.checkpoint();
    await journal.dropOld();
    dumpedAt = performance.now();
    await clearOut().catch((cause: unknown) =>
      log.warn(
        { cause: toLogged(cause) },
        'what was set aside could not be looked through; with the next dump',
      ),
    );
  };
  const checkpoint = (): Promise<void> => (running = running.catch(() => undefined).then(dump));
  const complain = (cause: unknown): void =>
    log.error({ cause: toLogged(cause) }, 'the database was not dumped');
  /** The last line that any journal of this folder holds. */
  let lastLine = 0;
  const look = (): void => {
    const isFirst = !existsSync(join(folder, 'pglite.dump'));
    const isOld = performance.now() - dumpedAt > DUMP_EACH_MS;
    if (journal.size() === 0 || !(isFirst || isOld || journal.size() > BYTES_MAX)) return;
    checkpoint().catch(complain);
  };
  return {
    journal,
    checkpoint,
    recover: async () => {
      // Lines that nobody can read are kept for a person as well.
      const lines = await journal.read().catch(() => null);
      lastLine = lines?.at(-1)?.lineNo ?? 0;
      const { lost } = await replayJournal({ database, crypto, log }, lines ?? []);
      if (lost > 0 || lines === null) {
        const files = await journal.keepAside(clock.nowMs());
        const words = 'what was answered for could not be written again; its journal is kept';
        log.error({ lines: lost, files }, words);
      }
    },
    start: async (isChanged) => {
      database.record(journal);
      timer = setInterval(look, LOOK_MS).unref();
      const isDumped = existsSync(join(folder, 'pglite.dump'));
      // No gap between a dump and its lines, and nobody is answered before there is none.
      const isGap = isChanged || (await readMark(database.sql)) !== lastLine;
      if (isDumped && isGap) await checkpoint().catch(complain);
    },
    end: async () => {
      clearInterval(timer);
      await running.catch(() => undefined);
      await journal.close();
    },
  };
}
