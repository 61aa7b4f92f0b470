import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { adoptFillFile } from '../../../../db/replica/bulk/adopt-fill.ts';
import { beginFill, findFillOf, openReplica } from '../../../../db/replica/open.ts';
import { forgetKeys } from '../../../../db/replica/keys/key-rules.ts';
import { runTask } from '../../../../db/replica/worker-tasks.ts';
import { chunkImage } from '../../../parts/chunk-image.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import * as sample from '../samples.ts';

const CHILD = join(import.meta.dirname, '../../../parts/replica-child.ts');
const MEMBERS_PER_CHUNK = 1_500;
const CHUNKS = 4;
const MEMBERS = MEMBERS_PER_CHUNK * CHUNKS;

/** Runs the child and kills it so many milliseconds after it began. @returns true when it was done before */
async function runAndKill(args: readonly string[], afterMs: number): Promise<boolean> {
  const child = fork(CHILD, [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  await once(child, 'message');
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [code] = (await exited) as [number | null];
  clearTimeout(timer);
  return code === 0;
}

const FIRST_KILL_MS = 8;
const LATER = 2.4;

/** Kills later and later, until one run gets to its end. @returns how many were killed */
async function untilDone(args: readonly string[]): Promise<number> {
  let kills = 0;
  while (!(await runAndKill(args, FIRST_KILL_MS * LATER ** kills))) kills += 1;
  return kills;
}

test('a fill that is killed again and again ends as one that was not', { timeout: 120_000 }, async () => {
  const folder = tempFolder();
  const place = { path: join(folder, 'replica.db'), keyHex: KEY };
  const all = sample.shopRows(MEMBERS);
  const images = Array.from({ length: CHUNKS }, (_, chunk) => {
    const slice = <Row>(rows: readonly Row[]) =>
      rows.slice(chunk * MEMBERS_PER_CHUNK, (chunk + 1) * MEMBERS_PER_CHUNK);
    const path = join(folder, `chunk-${chunk}`);
    const rows = { members: slice(all.members), cards: slice(all.cards), accounts: slice(all.accounts) };
    writeFileSync(path, chunkImage(rows, 9));
    return path;
  });
  beginFill(place, 's1');
  const kills = await untilDone([place.path, KEY, ...images]);
  expect(kills).toBeGreaterThan(0);
  expect(findFillOf(place)).toMatchObject({ isReady: true });
  adoptFillFile(place.path);
  // As a copy of a million would be: too many keys to be made while it is opened.
  const raw = openFile({ ...place, file: 'replica' });
  forgetKeys(raw);
  raw.exec('UPDATE key_state SET batch_run = 2; INSERT INTO key_runs (run) VALUES (2)');
  raw.close();
  const bulk = closing(openReplica(place));
  expect([bulk.isPreparing(), bulk.counts().members]).toEqual([true, MEMBERS]);
  expect(bulk.byPhone(all.members[77]?.mobile ?? '', 2)).toEqual([sample.memberId(78)]);
  await untilDone([place.path, KEY]);
  expect([bulk.isPreparing(), bulk.isTendingDue(), bulk.check()]).toEqual([false, false, []]);
  const paged = closing(openReplica({ path: join(tempFolder(), 'replica.db'), keyHex: KEY }));
  const { members, cards, accounts } = all;
  paged.apply(sample.rows({ members, cards, accounts }), { epoch: 'e1', cursor: 9, isSettled: false });
  await runTask(place, { name: 'tend' });
  expect(bulk.digests()).toEqual(paged.digests());
  for (const key of ['ntan wei 12', 'p9000', 'p0001', 'em44', 'nwei 5'])
    expect(bulk.search({ key, isPrefix: true }, 200)).toEqual(paged.search({ key, isPrefix: true }, 200));
});
