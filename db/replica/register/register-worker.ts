import { parentPort, workerData } from 'node:worker_threads';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { must } from '../../../sync/base/must.ts';
import { toDbError } from '../../errors.ts';
import { openFile } from '../../open.ts';
import type { ReplicaPlace } from '../worker-tasks.ts';
import type { CardScan, ScannedCard } from '../repos/card-scan.ts';
import { cardReader } from './card-reader.ts';
import { CardRegister } from './card-register.ts';
import { Register } from './register.ts';
import { RegisterExports } from './register-export.ts';
import { registerReader } from './register-reader.ts';
import type { RegisterAsk, RegisterReply, RegisterTask } from './register-tasks.ts';
import type { RegisterMemory } from './register-types.ts';

/** The list of members, in a thread of its own: see `register-host.ts`, which starts this. */

const port = must(parentPort, 'this file runs as a worker');
// Cast: the host hands in just this.
const raw = openFile({ ...(workerData as ReplicaPlace), file: 'replica' });
raw.pragma('query_only = ON');
/** Each slice is read once: what the list needs of the file, it keeps. */
raw.pragma('cache_size = -8192');

const PROGRESS_EVERY_MS = 50;

const reader = registerReader(raw);
const register = new Register(reader);
const exports = new RegisterExports(register, raw);
const say = (reply: RegisterReply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);

/** What changed while the list was being read is read again at its end. */
let isReady = false;
const waiting: RegisterTask[] = [];
let cards: {
  made: CardRegister;
  isWhole: boolean;
  missed: { memberIds: readonly string[]; accountNos: readonly number[] }[];
} | null = null;

async function build(): Promise<void> {
  let saidAtMs = 0;
  await register.build(async (share) => {
    await nextTurn();
    if (performance.now() - saidAtMs < PROGRESS_EVERY_MS) return;
    saidAtMs = performance.now();
    say({ progress: share });
  });
  isReady = true;
  for (const task of waiting.splice(0)) void run(task);
}

async function buildCards(): Promise<void> {
  const made = new CardRegister(cardReader(raw));
  cards = { made, isWhole: false, missed: [] };
  const begun = cards;
  try {
    await made.build(() => nextTurn());
  } catch (cause) {
    // Nothing is kept for a list that will never be whole.
    cards = null;
    throw cause;
  }
  made.setOwn(register.ownMembers(), []);
  for (const { memberIds, accountNos } of begun.missed.splice(0)) made.refresh(memberIds, accountNos);
  begun.isWhole = true;
}

/** What changes while the cards are being read is read again at their end. */
function refresh(task: Extract<RegisterTask, { name: 'refresh' }>): void {
  register.refresh(task.memberIds, task.accountNos);
  if (cards?.isWhole === true) cards.made.refresh(task.memberIds, task.accountNos);
  else cards?.missed.push(task);
}

function setOwn({ members, dropped }: Extract<RegisterTask, { name: 'setOwn' }>): void {
  register.setOwn(members, dropped);
  if (cards?.isWhole === true) cards.made.setOwn(members, dropped);
}

function cardPage(scan: CardScan): ScannedCard[] {
  return must(cards, 'the cards are whole before they are asked for').made.page(scan);
}

function memory(): RegisterMemory {
  const [members, own] = [register.memory(), cards?.made.memory()];
  return { slots: members.slots + (own?.slots ?? 0), bytes: members.bytes + (own?.bytes ?? 0) };
}

function run(task: RegisterTask): unknown {
  switch (task.name) {
    case 'build':
      return build();
    case 'refresh':
      return isReady ? refresh(task) : void waiting.push(task);
    case 'setOwn':
      return isReady ? setOwn(task) : void waiting.push(task);
    case 'page':
      return register.page(task.ask);
    case 'totals':
      return register.totals(task.ask);
    case 'values':
      return Object.fromEntries(task.columns.map((column) => [column, register.values(column, task.limit)]));
    case 'buildCards':
      return buildCards();
    case 'cardPage':
      return cardPage(task.scan);
    case 'memory':
      return memory();
    case 'beginExport':
      return exports.begin(task.exportId, task.ask);
    case 'readExport':
      return exports.read(task.exportId, task.rows);
    case 'endExport':
      return exports.end(task.exportId);
    case 'close':
      return raw.close();
  }
}

async function answer({ id, task }: RegisterAsk): Promise<void> {
  try {
    const value: unknown = await run(task);
    const bytes = value instanceof Uint8Array && value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
    say({ id, value }, bytes);
  } catch (cause) {
    const error = toDbError(cause, 'replica');
    const message = cause instanceof Error ? cause.message : String(cause);
    say({ id, failed: { code: error?.code ?? null, message } });
  }
}

port.on('message', (asked: RegisterAsk) => void answer(asked));
