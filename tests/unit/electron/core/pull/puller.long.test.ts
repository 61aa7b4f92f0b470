import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { adoptFillFile } from '../../../../../db/replica/bulk/adopt-fill.ts';
import { beginFill, openReplica } from '../../../../../db/replica/open.ts';
import { runTask } from '../../../../../db/replica/worker-tasks.ts';
import { createPuller, type PullRun } from '../../../../../electron/core/pull/puller.ts';
import type { TillSettings } from '../../../../../electron/core/till-settings.ts';
import { emptyDigest } from '../../../../../sync/feed/digest.ts';
import { EMPTY_ROWS } from '../../../../../sync/model/feed.ts';
import { bigChunk, MEMBERS_PER_CHUNK } from '../../../../bench/chunks.ts';
import { KEY_HEX, makeFolder } from '../../../../parts/till.ts';

const SEQ = 101;
const place = { path: join(makeFolder(), 'replica.db'), keyHex: KEY_HEX };

/** A copy that was just filled: its keys and digests are due, and take a while. */
async function filledCopy(members: number) {
  beginFill(place, 's');
  for (let first = 0; first < members; first += MEMBERS_PER_CHUNK) {
    const image = bigChunk({ first, count: Math.min(MEMBERS_PER_CHUNK, members - first) }, SEQ);
    await runTask(place, { name: 'insertChunk', image, chunk: first / MEMBERS_PER_CHUNK });
  }
  await runTask(place, { name: 'finishFill', end: { epoch: 'e', cursor: SEQ } });
  adoptFillFile(place.path);
  const copy = openReplica(place);
  copy.apply(EMPTY_ROWS, { epoch: 'e', cursor: SEQ, isSettled: true });
  return copy;
}

test('the thread of the copy is ended by the last of those who use it, and not under another’s work', async () => {
  const copy = await filledCopy(20_000);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const tables = { members: emptyDigest(), cards: emptyDigest(), accounts: emptyDigest() };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ epoch: 'e', seq: SEQ, ...tables }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const digestChecks = () => ({ checkedAtMs: 0, count: 6 });
  // Cast: a check wants only these.
  const settings = {
    ...{ digestChecks, setDigestChecks: () => undefined },
    centreSchema: () => null,
  } as unknown as TillSettings;
  const enrolment = { serverUrl, token: 't', centreKeys: { signKey: 'c5'.repeat(32) } };
  const run = {
    ...{ enrolment, hangUp: new AbortController().signal, knownSeq: () => SEQ, hasUnsent: () => false },
    ...{ exchangeFates: async () => undefined, onProgress: () => undefined },
  } as unknown as PullRun;
  const parts = { replica: () => copy, settings, place, adoptFill: () => undefined, timeoutMs: 20_000 };
  const puller = createPuller({ ...parts, log: pino({ level: 'silent' }) });
  puller.tend();
  // What comes behind the digests is no answer to what is asked there, and refused: the thread has answered then.
  const failed = await puller.check(run, Date.now()).catch((cause: Error) => cause.message);
  expect(failed).not.toMatch(/worker/);
  expect(asked.length).toBeGreaterThan(1);
  await puller.close();
  copy.close();
  server.close();
  rmSync(join(place.path, '..'), { recursive: true, force: true });
}, 60_000);
