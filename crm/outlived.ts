import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { toLogged } from './log.ts';
import { writeSafely } from './pglite-state.ts';

/** A database that a power cut spoiled, and journals whose lines could not be written again: by their moment. */
const ASIDE = /^(?:(pglite)\.distrusted|(acks)\.journal(?:\.old)?\.kept)-(\d{1,15})$/;

/** As long as backups are kept: in that time somebody reads what the database lacks. */
const KEPT_MS = 35 * 24 * 3_600_000;
/** A clock that shows an earlier day than this program is from was not set: nothing is counted by it. */
const FIRST_DAY_MS = Date.UTC(2026, 0, 1);

/** When a dump first saw each: the moment in a name is of a clock that may not have been set. */
const SEEN = 'asides.json';
const Seen = z.record(z.string(), z.int().min(0));

interface Aside {
  name: string;
  kind: string;
  seenAtMs: number;
  /** The earlier of both, for whom it may name. */
  madeAtMs: number;
}

/** What can not be read is begun anew: all of it stays for longer. */
async function readSeen(folder: string): Promise<z.infer<typeof Seen>> {
  try {
    return Seen.parse(JSON.parse(await readFile(join(folder, SEEN), 'utf8')));
  } catch {
    return {};
  }
}

async function listAsides(folder: string, nowMs: number): Promise<Aside[]> {
  const [names, seen] = [await readdir(folder), await readSeen(folder)];
  const asides = names.flatMap((name) => {
    const [, database, journal, atMs] = ASIDE.exec(name) ?? [];
    if (atMs === undefined) return [];
    const seenAtMs = Math.min(seen[name] ?? nowMs, nowMs);
    return [{ name, kind: database ?? journal ?? '', seenAtMs, madeAtMs: Math.min(Number(atMs), seenAtMs) }];
  });
  const next = Object.fromEntries(asides.map(({ name, seenAtMs }) => [name, seenAtMs]));
  if (JSON.stringify(next) !== JSON.stringify(seen))
    await writeSafely(join(folder, SEEN), JSON.stringify(next));
  return asides;
}

/**
 * Deletes what was set aside in the folder of the embedded database and is outlived: five weeks after the first call
 * that saw it. To be called once there is a dump that is younger than all of it. What was seen last of each kind stays
 * until somebody is anonymised, whom it may name.
 *
 * @param erasedAtMs when somebody was last; 0: nobody ever
 * @returns Names of what went.
 * @throws When the folder can not be read, or what was seen can not be noted; nothing was deleted then.
 */
export async function removeOutlived(
  folder: string,
  { nowMs, erasedAtMs, log }: { nowMs: number; erasedAtMs: number; log: Pick<Logger, 'warn'> },
): Promise<string[]> {
  if (nowMs < FIRST_DAY_MS) return [];
  const asides = await listAsides(folder, nowMs);
  const lastOf = ({ kind }: Aside): number =>
    Math.max(...asides.filter((each) => each.kind === kind).map(({ seenAtMs }) => seenAtMs));
  const outlived = asides.filter((each) => {
    const isOld = nowMs - each.seenAtMs > KEPT_MS;
    return isOld && (each.seenAtMs < lastOf(each) || each.madeAtMs < erasedAtMs);
  });
  const gone: string[] = [];
  for (const { name } of outlived) {
    await rm(join(folder, name), { recursive: true, force: true }).then(
      () => void gone.push(name),
      (cause: unknown) =>
        log.warn({ cause: toLogged(cause), name }, 'what was set aside five weeks ago could not be deleted'),
    );
  }
  if (gone.length > 0) log.warn({ names: gone }, 'what was set aside five weeks ago was deleted');
  return gone;
}
