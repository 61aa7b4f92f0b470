import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReplica } from '../../db/replica/open.ts';
import { KEY_HEX } from '../parts/till.ts';
import { type Figure, type Round, timeFigure } from './figure.ts';

const ROUNDS = 5;
/** The goal is for so many members. */
const MEMBERS = 200_000;
const MS_MAX = 500;

/** The check of a whole copy: every page read and its seal proven. The limit: the same bytes read and nothing done. */
export function benchCheck(tillFolder: string, members: number): Figure[] {
  const path = join(tillFolder, 'replica.db');
  const replica = openReplica({ path, keyHex: KEY_HEX });
  const timed = (act: () => unknown): number => {
    const startMs = performance.now();
    act();
    return performance.now() - startMs;
  };
  const rounds: Round[] = [];
  const problems = new Set<string>();
  for (let at = 0; at < ROUNDS; at += 1) {
    const ours = timed(() => replica.check().forEach((words) => problems.add(words)));
    rounds.push({ ours: [ours], limit: [timed(() => readFileSync(path))] });
  }
  replica.close();
  if (problems.size > 0) throw new Error(`the copy is not sound: ${[...problems].join()}`);
  const msMax = Math.round((MS_MAX * members) / MEMBERS);
  return [timeFigure({ name: `check of ${members} members`, of: 50 }, rounds, msMax)];
}
