/** A process full of tills that come back at once. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createCentreClient } from '../../electron/core/centre-client.ts';
import { createFeedSource } from '../../electron/core/pull/feed-source.ts';
import { answerParent } from './answering.ts';
import { BenchTill, type Enrolled } from './bench-till.ts';
import { comeBack, newTally, type Tally } from './return-till.ts';

const TIMEOUT_MS = 30_000;

export interface Returning {
  enrolled: Enrolled;
  token: string;
  secretKey: string;
}

export interface Load {
  serverUrl: string;
  /** The centre's public key. */
  signKey: string;
  tills: Returning[];
  /** Which of the chain's members the first op is for; the next op is for the next one. */
  firstMember: number;
  members: number;
  opsPerTill: number;
  cursor: number;
}

export interface Returned {
  /** For each till, milliseconds from the start until the centre had its ops, and until it had all of the feed. */
  ackedMs: number[];
  syncedMs: number[];
  /** Exchanges until the centre had its ops, those that got no answer too. */
  tries: number[];
  tally: Tally;
  opIds: string[];
  /** Stamps on all of its ops. */
  units: number;
  cpuMs: number;
}

type Tills = { till: BenchTill; token: string }[];

let load: Load | null = null;
let tills: Tills = [];

function prepare(given: Load): void {
  load = given;
  tills = given.tills.map(({ enrolled, token, secretKey }, at) => {
    const client = createCentreClient({
      serverUrl: given.serverUrl,
      token,
      secretKey,
      timeoutMs: TIMEOUT_MS,
    });
    const till = new BenchTill(client, enrolled);
    till.cursor = given.cursor;
    till.makeStamps(given.opsPerTill, {
      first: given.firstMember + at * given.opsPerTill,
      members: given.members,
    });
    return { till, token };
  });
}

async function go(): Promise<Returned> {
  if (load === null) throw new Error('nothing is prepared');
  const { serverUrl, signKey } = load;
  const [tally, hangUp] = [newTally(), new AbortController().signal];
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  const since = (): number => performance.now() - startMs;
  const [ackedMs, syncedMs, tries]: [number[], number[], number[]] = [[], [], []];
  const underWay: Promise<void>[] = [];
  for (const { till, token } of tills) {
    const source = createFeedSource({ serverUrl, token, incarnation: 1, timeoutMs: TIMEOUT_MS, hangUp });
    const acked = (count: number): void => {
      ackedMs.push(since());
      tries.push(count);
    };
    underWay.push(comeBack({ till, source, signKey, tally }, acked).then(() => void syncedMs.push(since())));
    // Signing is done by 5,000 processors at once; here the line must not wait for all of it.
    await nextTurn();
  }
  await Promise.all(underWay);
  const { user, system } = process.cpuUsage(startCpu);
  const ops = tills.flatMap(({ till }) => till.ops.map(({ op }) => op));
  const units = ops.reduce((sum, { body }) => sum + (body.kind === 'stamp.added' ? body.count : 0), 0);
  return {
    ackedMs,
    syncedMs,
    tries,
    tally,
    opIds: ops.map(({ opId }) => opId),
    units,
    cpuMs: (user + system) / 1_000,
  };
}

answerParent({ prepare: async (given: Load) => prepare(given), go });
