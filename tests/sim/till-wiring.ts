import { pino } from 'pino';
import { CENTRE_TIMEOUT_MS, createCentreClient, type Send } from '../../electron/core/centre-client.ts';
import { createClockGuard } from '../../electron/core/clock-guard.ts';
import { createCloseProver } from '../../electron/core/close/prover.ts';
import type { Core } from '../../electron/core/ctx.ts';
import { createDirectory } from '../../electron/core/directory.ts';
import { createOpWriter } from '../../electron/core/op-writer.ts';
import { oweOwnKeys, restoreSomeKeys } from '../../electron/core/own-keys.ts';
import { createPuller } from '../../electron/core/pull/puller.ts';
import { createOverlay } from '../../electron/core/overlay.ts';
import { PutOff } from '../../electron/core/put-off.ts';
import { allAsides, eraseInAsides } from '../../electron/core/renewal.ts';
import { openOwnSpill, sendSpills, type OwnSpill } from '../../electron/core/spill.ts';
import { SyncLoop } from '../../electron/core/sync-loop.ts';
import { createTillSettings } from '../../electron/core/till-settings.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { WHOLE_CHAIN, type MemberId } from '../../sync/base/ids.ts';
import type { MemoryFolder } from '../parts/memory-folder.ts';
import { speaking, writing, type Program } from './programs.ts';
import { mountFill, type MemoryFill } from '../parts/memory-fill.ts';
import { routeFetches } from '../parts/memory-repos/feed-source.ts';
import type { MemoryReplica } from '../parts/memory-replica.ts';
import type { MemoryTill } from '../parts/memory-till.ts';

export const simLog = pino({ level: 'silent' });

/** All that lies on a till's disk. */
export interface TillImage {
  till: MemoryTill;
  replica: MemoryReplica;
  /** Where the spill file lies. */
  folder: MemoryFolder;
}

/** What a core finds around it on a simulated machine. */
export interface Machine {
  files: TillImage;
  /** Of `files.folder`, as the core knows it. */
  dataDir: string;
  crypto: Crypto;
  isSigned: boolean;
  program: Program;
  nowMs: () => number;
  monotonicMs: () => number;
  newId: () => string;
  sleep: (ms: number) => Promise<void>;
  send: Send;
  /** The copy that is on its way. */
  fill: MemoryFill;
  openAside: (file: string) => TillDb;
  onChanged: () => void;
  onSaved: () => void;
}

/** What `fetch` gives for a file of the feed, with as much of it as is read. */
const fetchOver =
  (send: Send) =>
  async (path: string, headers: Readonly<Record<string, string>>): Promise<Response> => {
    const url = new URL(path, 'http://centre.test');
    const sent = { headers, body: '', timeoutMs: CENTRE_TIMEOUT_MS, hangUp: null };
    const { bytes, ...answer } = (await send(url, sent)) as Awaited<ReturnType<Send>> & { bytes: Uint8Array };
    const left = [bytes];
    const read = (): Promise<{ done: boolean; value?: Uint8Array }> => {
      const value = left.pop();
      return Promise.resolve(value === undefined ? { done: true } : { done: false, value });
    };
    // Cast: what the feed's source reads of an answer, and no more.
    const body = { getReader: () => ({ read, cancel: () => Promise.resolve() }) };
    return { ...answer, body } as unknown as Response;
  };

type PullParts = Pick<Core, 'settings' | 'directory'> & { replica: () => MemoryReplica };

function simulatePuller({ files, dataDir, fill }: Machine, { replica, settings, directory }: PullParts) {
  const place = { path: `${dataDir}/replica.db`, keyHex: '' };
  mountFill(place.path, fill);
  const adoptFill = (): void => {
    oweOwnKeys(files.till);
    while (restoreSomeKeys(files.till));
    files.replica = fill.adopt();
    directory.reload();
  };
  // Time passes on the line here, and nowhere else.
  const sleep = async (): Promise<void> => undefined;
  return createPuller({
    ...{ replica, settings, place, adoptFill, sleep },
    ...{ timeoutMs: CENTRE_TIMEOUT_MS, log: simLog },
  });
}

/** An erasure, and whether a fill went for it. */
const noting =
  (fill: MemoryFill, erase: (memberId: MemberId) => boolean) =>
  (memberId: MemberId): boolean => {
    const before = fill.removals;
    const isDone = erase(memberId);
    fill.isLetGo ||= fill.removals > before;
    return isDone;
  };

/** As `openCore` wires it, without devices and ports. */
export function wireCore(machine: Machine): { core: Core; spill: OwnSpill } {
  const { files, dataDir, crypto, isSigned, program, onChanged, onSaved, openAside } = machine;
  const { till } = files;
  const replica = (): MemoryReplica => files.replica;
  const settings = createTillSettings(till.settings);
  const { nowMs, monotonicMs } = machine;
  const clock = createClockGuard({ clock: { nowMs, monotonicMs }, settings, log: simLog });
  const directory = createDirectory(replica, settings, () =>
    till.ops.listOpen(WHOLE_CHAIN, replica().meta().settled),
  );
  const folder = { dataDir, log: simLog };
  const spill = openOwnSpill(folder, settings);
  const putOff = new PutOff<string>(monotonicMs);
  const isUpdateNeeded = (): boolean => false;
  const isWhole = (): boolean => files.replica.meta().settled > 0;
  const closeProver = createCloseProver({
    ...{ till, settings, crypto, log: simLog, monotonicMs, onProof: () => undefined },
    watchOf: async () => [],
  });
  const connect: typeof createCentreClient = (centre) => {
    if (centre.hangUp !== undefined) routeFetches(centre.hangUp, fetchOver(machine.send));
    const own = { ...centre, ...(isSigned ? {} : { secretKey: null }), send: machine.send };
    return speaking(program, createCentreClient(own));
  };
  const puller = simulatePuller(machine, { replica, settings, directory });
  const sync = new SyncLoop({
    ...{ till, replica, settings, clock, log: simLog, closeProver, spill, crypto, connect, openAside },
    timeoutMs: CENTRE_TIMEOUT_MS,
    allAsides: () => allAsides(dataDir),
    // A backlog of a few ops is several requests, one ahead of the other.
    opsMax: 3,
    puller,
    eraseAsides: noting(machine.fill, (memberId) =>
      eraseInAsides({ ...folder, openAside, isWhole: isWhole() }, settings.asides(), memberId),
    ),
    sendSpills: (enrolment, centre) => sendSpills({ ...folder, putOff }, enrolment, centre),
    onDocuments: () => {
      directory.reload();
      directory.keep();
    },
    onDbError: () => undefined,
    onStatus: () => undefined,
    onChanged,
    onRenewed: () => undefined,
  });
  const parts = {
    ...{ version: '0', dataDir, isDemo: false, log: simLog, clock, crypto, till, replica, isUpdateNeeded },
    ...{ settings, directory, overlay: createOverlay(till, replica), sync, closeProver, connect },
    writer: writing(
      program,
      createOpWriter({
        till,
        directory,
        settings,
        crypto,
        clock,
        isUpdateNeeded,
        spill,
        onSaved,
        onSavedAll: () => undefined,
      }),
    ),
    newId: machine.newId,
    sleep: machine.sleep,
    disk: { room: () => 'enough' as const },
    onDbError: () => undefined,
    onRenewed: () => undefined,
    publish: () => undefined,
  };
  // Cast: no command that is simulated uses the scanner or signs anybody in.
  return { core: parts as unknown as Core, spill };
}
