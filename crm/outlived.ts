import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { toLogged } from './log.ts';

/** A database that a power cut spoiled, and journals whose lines could not be written again: by their moment. */
const ASIDE = /^(pglite\.distrusted|acks\.journal(?:\.old)?\.kept)-(\d{1,15})$/;
const KINDS = ['pglite', 'acks'];

/** As long as backups are kept: in that time somebody reads what the database lacks. */
const KEPT_MS = 35 * 24 * 3_600_000;

interface Aside {
  name: string;
  atMs: number;
}

async function listAsides(folder: string): Promise<Aside[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => {
    const atMs = ASIDE.exec(name)?.[2];
    return atMs === undefined ? [] : [{ name, atMs: Number(atMs) }];
  });
}

/**
 * Deletes what was set aside in the folder of the embedded database and is outlived. To be called once there is a dump
 * that is younger than all of it. The last of each kind stays until somebody is anonymised, whom it may name.
 *
 * @param erasedAtMs when somebody was last; 0: nobody ever
 * @returns Names of what went.
 */
export async function removeOutlived(
  folder: string,
  { nowMs, erasedAtMs, log }: { nowMs: number; erasedAtMs: number; log: Pick<Logger, 'warn'> },
): Promise<string[]> {
  const asides = await listAsides(folder);
  const lastOf = ({ name }: Aside): number => {
    const kind = KINDS.find((each) => name.startsWith(each)) ?? '';
    return Math.max(...asides.filter((each) => each.name.startsWith(kind)).map(({ atMs }) => atMs));
  };
  const gone = asides.filter((each) => {
    const isOld = nowMs - each.atMs > KEPT_MS;
    return isOld && (each.atMs < lastOf(each) || each.atMs < erasedAtMs);
  });
  for (const { name } of gone) {
    await rm(join(folder, name), { recursive: true, force: true }).catch((cause: unknown) =>
      log.warn({ cause: toLogged(cause), name }, 'what was set aside five weeks ago could not be deleted'),
    );
  }
  return gone.map(({ name }) => name);
}
