import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import { openAckJournal, type AckJournal } from './ack-journal.ts';
import type { Centre } from './centre.ts';
import type { Database } from './database.ts';
import { toLogged } from './log.ts';
import { replayAcks } from './replay.ts';

const LOOK_MS = 60_000;
const BYTES_MAX = 8 * 1024 * 1024;
const DUMP_EACH_MS = 60 * 60_000;

/** Keeps what the embedded database acknowledged safe against a power cut: a journal, and dumps that cut it. */
export interface TrialKeeper {
  journal: AckJournal;
  /** Writes again what is missing, and starts to look after the size. */
  start(centre: Centre): Promise<void>;
  /** A dump now; the journal begins anew. */
  checkpoint(): Promise<void>;
  /** After the database was closed, all of it safe on the disk: the journal is not needed any more. */
  end(): Promise<void>;
}

export async function openTrialKeeper(
  folder: string,
  { database, log }: { database: Database; log: Logger },
): Promise<TrialKeeper> {
  const journal = await openAckJournal(folder);
  let timer: NodeJS.Timeout | undefined;
  let dumpedAt = performance.now();
  let running: Promise<void> = Promise.resolve();
  const dump = async (): Promise<void> => {
    await journal.rotate();
    await database.checkpoint();
    await journal.dropOld();
    dumpedAt = performance.now();
  };
  const checkpoint = (): Promise<void> => (running = running.catch(() => undefined).then(dump));
  const look = (): void => {
    const isFirst = !existsSync(join(folder, 'pglite.dump'));
    const isOld = performance.now() - dumpedAt > DUMP_EACH_MS;
    if (journal.size() === 0 || !(isFirst || isOld || journal.size() > BYTES_MAX)) return;
    checkpoint().catch((cause: unknown) =>
      log.error({ cause: toLogged(cause) }, 'the database was not dumped'),
    );
  };
  return {
    journal,
    checkpoint,
    start: async (centre) => {
      const { lost } = await replayAcks(centre, await journal.read(), database.isRestored);
      if (lost > 0) {
        const files = await journal.keepAside(centre.clock.nowMs());
        log.error(
          { pushes: lost, files },
          'acknowledged work could not be written again; its journal is kept',
        );
      }
      timer = setInterval(look, LOOK_MS).unref();
    },
    end: async () => {
      clearInterval(timer);
      await running.catch(() => undefined);
      await journal.close();
      await rm(join(folder, 'acks.journal'), { force: true });
      await rm(join(folder, 'acks.journal.old'), { force: true });
    },
  };
}
