import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { DbError } from '../../db/errors.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import { openTill } from '../../db/till/open.ts';
import type { TillDb } from '../../db/till/types.ts';
import { newId, WHOLE_CHAIN, type MemberId } from '../../sync/base/ids.ts';
import type { EndReason, EventName, EventOf } from '../contract/events.ts';
import type { Port } from '../contract/port.ts';
import type { Session } from '../contract/till.ts';
import { CENTRE_TIMEOUT_MS } from './centre-client.ts';
import { createBackups, type Backups } from './mending/backups.ts';
import { createClockGuard } from './clock-guard.ts';
import { createCopyKeeper, type CopyKeeper } from './copy-keeper.ts';
import { createCloseProver } from './close/prover.ts';
import { findWatched } from './close/watch.ts';
import { clockOf, type CoreConfig } from './config.ts';
import { nodeCrypto, nodeScrypt } from './crypto.ts';
import type { Core as Parts, Ctx } from './ctx.ts';
import { startDamageWalk } from './damage-walk.ts';
import { watchDisk } from './disk-watch.ts';
import { createDevices } from './devices/devices.ts';
import { toDecodeRules } from './devices/scan-rules.ts';
import { createDirectory } from './directory.ts';
import { openCopy, openOwnFile, takeFolder } from './files.ts';
import { createImportDesk } from './imports/desk.ts';
import { noteDoubt } from './mending/mending.ts';
import { createOpWriter } from './op-writer.ts';
import { createOverlay } from './overlay.ts';
import { createPuller, type Puller } from './pull/puller.ts';
import { createRegisterKeeper, type RegisterKeeper } from './register/register-keeper.ts';
import { allAsides, eraseInAsides } from './renewal.ts';
import { createScanFlow } from './scan-flow.ts';
import { takeOfficeSeat } from './office-seat.ts';
import { serve } from './server.ts';
import { takeTillSeat, type Seat, type Trust } from './seat.ts';
import { createSegmentDesk, type SegmentDesk } from './segments/segment-desk.ts';
import { createTagRunner } from './segments/tag-runner.ts';
import { createSessions } from './sessions.ts';
import { SyncLoop } from './sync-loop.ts';
import { PutOff } from './put-off.ts';
import { openOwnSpill, sendSpills, type OwnSpill } from './spill.ts';
import { createTeller } from './teller.ts';
import { createTillSettings } from './till-settings.ts';

export type { CoreConfig } from './config.ts';

/** A running core, whoever hosts it. */
export interface Core {
  /** Says `ready` on the port and serves the contract there until the port closes. */
  connect(port: Port, trust: Trust): Connected;
  /** Starts what runs by itself: sync, scanner, damage checks. Call once, after the first `connect`. */
  start(): void;
  /** Stops devices and sync, then closes both files and lets the folder go. */
  close(): Promise<void>;
}

export interface Connected {
  /** Who is signed in there. */
  session(): Session | null;
  /** Ends the session of an office's page; whoever works there is told why. At a till it does nothing. */
  endSession(reason: EndReason): void;
}

interface Connection {
  port: Port;
  trust: Trust;
  seat: Seat;
  stop: () => void;
  settle: () => Promise<void>;
}

/** A call that waits for the centre, and the centre does not answer. */
const LAST_CALLS_MS = 2_000;

function createConnections() {
  const open = new Set<Connection>();
  /** Also those that are closed, while calls of theirs are under way. */
  const serving = new Set<Connection>();
  const publish = <Name extends EventName>(name: Name, data: EventOf<Name>): void => {
    for (const { port, seat } of open) if (seat.hears(name)) port.post({ t: 'event', name, data });
  };
  const add = (connection: Connection): void => {
    open.add(connection);
    serving.add(connection);
    connection.port.onClose?.(() => {
      connection.stop();
      connection.seat.leave();
      open.delete(connection);
      void connection.settle().then(() => serving.delete(connection));
    });
  };
  /** Takes no more calls; resolves when those under way are through, or have waited for `LAST_CALLS_MS`. */
  const stop = async (): Promise<void> => {
    for (const connection of serving) connection.stop();
    const settled = [...serving].map((connection) => connection.settle());
    const enough = new AbortController();
    const late = setTimeout(LAST_CALLS_MS, null, { signal: enough.signal }).catch(() => null);
    await Promise.race([Promise.all(settled), late]);
    enough.abort();
  };
  /** The session of the screen, which is where scans go. */
  const pageSession = () => [...open].find((each) => each.trust === 'page')?.seat.session() ?? null;
  return { add, stop, publish, pageSession };
}
type Connections = ReturnType<typeof createConnections>;

/** The next start reads all of `till.db`, and mends it. */
function beginMending({ dataDir, onDiskFault }: CoreConfig): void {
  noteDoubt(dataDir);
  onDiskFault?.('damaged');
}

/** The two files and the lock, or nothing at all. */
function openFiles(config: CoreConfig) {
  const lock = takeFolder(config.dataDir);
  try {
    const { till, rescued, isMended } = openOwnFile(config);
    const copy = openCopy(config, till);
    const settings = createTillSettings(till.settings);
    const backups = createBackups({ ...config, till, settings, onDamaged: () => beginMending(config) });
    const spill = openOwnSpill({ ...config, backup: backups }, settings, config.spill);
    return { lock, till, spill, rescued, isMended, copy, backups, onDiskFault: config.onDiskFault };
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

type SyncFiles = Pick<Parts, 'till' | 'replica' | 'settings' | 'clock' | 'closeProver' | 'log'> & {
  spill: OwnSpill;
  rescued: number;
  isMended: boolean;
  backups: Backups;
  keeper: CopyKeeper;
  puller: Puller;
  eraseImports: (memberId: MemberId) => boolean;
};

const placeOf = ({ dataDir, keyHex }: CoreConfig) => ({ path: join(dataDir, 'replica.db'), keyHex });
/** Null when neither has anything to end. */
const joinRests = (...rests: (Promise<void> | null)[]): Promise<void> | null =>
  rests.every((rest) => rest === null)
    ? null
    : Promise.all(rests.filter((rest) => rest !== null)).then(() => undefined);

type PullerFiles = Pick<SyncFiles, 'replica' | 'settings' | 'keeper' | 'log'> & {
  register: RegisterKeeper;
  segments: SegmentDesk;
};

const pullerOf = (config: CoreConfig, files: PullerFiles) =>
  createPuller({
    ...files,
    adoptFill: async () => {
      await Promise.all([files.register.rest(), files.segments.rest()]);
      files.keeper.adoptFill();
    },
    place: placeOf(config),
    timeoutMs: config.centreTimeoutMs ?? CENTRE_TIMEOUT_MS,
  });

function wireSync(
  config: CoreConfig,
  files: SyncFiles,
  { directory, publish, onDbError }: Pick<Parts, 'directory' | 'publish' | 'onDbError'>,
) {
  const openAside = (file: string): TillDb =>
    openTill({ path: join(config.dataDir, file), keyHex: config.keyHex });
  const putOff = new PutOff<string>(files.clock.monotonicMs);
  return new SyncLoop({
    ...files,
    timeoutMs: config.centreTimeoutMs ?? CENTRE_TIMEOUT_MS,
    renewCopy: files.keeper.renew,
    onWhole: async () => {
      await files.keeper.removeOutlived();
      await files.backups.tend();
    },
    sendSpills: (enrolment, centre) => sendSpills({ ...config, putOff }, enrolment, centre),
    openAside,
    allAsides: () => allAsides(config.dataDir),
    eraseAsides: (memberId) => {
      const isErased = files.eraseImports(memberId);
      const isWhole = files.replica().meta().settled > 0;
      return eraseInAsides({ ...config, openAside, isWhole }, files.settings.asides(), memberId) && isErased;
    },
    onRenewed: () => config.onRenewed?.(),
    onDbError,
    onStatus: (status) => publish('sync.changed', status),
    onDocuments: () => {
      directory.reload();
      directory.keep();
      publish('till.changed', {});
    },
    onChanged: (memberIds) => {
      publish('data.changed', { memberIds });
      // A version of its own may be confirmed by now, or wait for a manager.
      if (!directory.hasPending()) return;
      directory.reload();
      publish('till.changed', {});
    },
  });
}

type Saving = Pick<
  Parts,
  'till' | 'directory' | 'settings' | 'clock' | 'isUpdateNeeded' | 'publish' | 'register'
> & { spill: OwnSpill; nudge: () => void };

/** The writer, and what follows its commits: after many ops the page reads again once a while. */
function wireWriter({ publish, register, nudge, ...saving }: Saving) {
  const tellMany = createTeller(() => publish('data.changed', { memberIds: null }));
  const onSaved = (memberId: MemberId): void => {
    publish('data.changed', { memberIds: [memberId] });
    register.hearSaved(memberId);
    nudge();
  };
  const onSavedAll = (memberIds: readonly MemberId[]): void => {
    for (const memberId of memberIds) register.hearSaved(memberId);
    tellMany.tell();
    nudge();
  };
  return { tellMany, writer: createOpWriter({ ...saving, crypto: nodeCrypto, onSaved, onSavedAll }) };
}

type Hearing = Pick<Parts, 'settings' | 'directory' | 'clock' | 'publish'> & { asked: () => Ctx };

/** Devices, and what becomes of what they read. */
function wireEars(config: CoreConfig, { settings, directory, clock, publish, asked }: Hearing) {
  const cardPrefix = (): string | undefined => directory.chain()?.cardPrefix;
  const scans = createScanFlow(asked, () => toDecodeRules(settings.scanRules(), cardPrefix()));
  const devices = createDevices({
    ...{ settings, override: config.scanner, transports: config.transports },
    ...{ cardPrefix, scans, clock, log: config.log, newId, publish },
  });
  return { scans, devices };
}

/** Where a file fails: a damaged copy is read anew, the rest is told to whoever started this till. */
function watchFaults(config: CoreConfig, replaceDamaged: () => void): (error: DbError) => void {
  const seen = new WeakSet<DbError>();
  return (error) => {
    // A sync that somebody asked for tells of its failure twice.
    if (seen.has(error)) return;
    seen.add(error);
    if (error.file === 'replica' && error.code === 'damaged') replaceDamaged();
    else if (error.file === 'till' && error.code === 'damaged') beginMending(config);
    else if (error.code === 'io' || error.code === 'damaged') config.onDiskFault?.(error.code);
  };
}

/** Everything that the handlers use, joined. The replica is held here, because it alone can be replaced. */
function wire(config: CoreConfig, files: ReturnType<typeof openFiles>, connections: Connections) {
  const { dataDir, log } = config;
  const { till, spill, rescued, isMended, backups } = files;
  const { publish, pageSession } = connections;
  const replica = (): ReplicaDb => files.copy;
  const settings = createTillSettings(till.settings);
  const clock = createClockGuard({ clock: clockOf(config), settings, log });
  const directory = createDirectory(replica, settings, () =>
    till.ops.listOpen(WHOLE_CHAIN, replica().meta().settled),
  );
  const { bootId } = config;
  const sessions = createSessions({
    ...{ settings, directory, scrypt: nodeScrypt, clock, bootId },
    signIns: till.signIns,
  });
  const isUpdateNeeded = (): boolean => till.isNewer || files.copy.isNewer;
  const onDbError = watchFaults(config, () => keeper.replaceDamaged());
  const overlay = createOverlay(till, replica);
  const threads = { till, replica, overlay, place: placeOf(config), log };
  const register = createRegisterKeeper(threads);
  const segments = createSegmentDesk({ ...threads, clock, onDrawn: () => publish('segments.drawn', {}) });
  const keeper = createCopyKeeper({
    ...{
      slot: files,
      folder: config,
      rest: () => joinRests(puller.rest(), register.rest(), segments.rest()),
      onSwapped: directory.reload,
    },
    onReplaced: () => {
      publish('data.changed', { memberIds: null });
      sync.nudge();
    },
  });
  const puller = pullerOf(config, { replica, settings, keeper, log, register, segments });
  const disk = watchDisk(config, () => publish('till.changed', {}));
  const onProof = (businessDay: string): void => publish('day.proven', { businessDay });
  const watchOf = (day: string) => findWatched({ till, settings, segments }, day);
  const { monotonicMs } = clock;
  const proving = { till, settings, crypto: nodeCrypto, log, monotonicMs, watchOf, onProof };
  const closeProver = createCloseProver(proving);
  const eraseImports = (memberId: MemberId): boolean => imports.erase(memberId);
  const copying = {
    ...{ till, replica, settings, clock, closeProver, log, keeper, puller },
    ...{ spill, rescued, isMended, backups, eraseImports },
  };
  const sync = wireSync(config, copying, { directory, publish, onDbError });
  const saving = { till, directory, settings, clock, isUpdateNeeded, spill, publish, register };
  const { tellMany, writer } = wireWriter({ ...saving, nudge: () => sync.nudge() });
  const ruled = { till, replica, overlay, segments, directory, settings, clock };
  const tagRunner = createTagRunner({ ...ruled, isUpdateNeeded, writer, newId, log });
  const imports = createImportDesk(() => parts, config);
  const asked = (): Ctx => ({ ...parts, session: pageSession() });
  const ears = wireEars(config, { settings, directory, clock, publish, asked });
  const parts: Parts = {
    ...{
      version: config.version,
      screen: config.screen ?? 'till',
      dataDir,
      isDemo: config.isDemo,
      log,
      clock,
      crypto: nodeCrypto,
    },
    ...{ newId, till, replica, disk, isUpdateNeeded, settings, directory },
    ...{ overlay, register, segments, tagRunner, writer, sync, closeProver, imports, ...ears },
    ...{ sessions, openMembers: new WeakMap(), onDbError, publish },
    onRenewed: () => config.onRenewed?.(),
  };
  return { parts, keeper, disk, tellMany };
}

/**
 * Opens a till's folder and wires its core. Wiring and order only.
 *
 * @throws AppError Why this folder can not be served (`in_use`, `key_wrong`, `till_damaged`, `disk_full`, …).
 * Nothing was changed then.
 */
export function openCore(config: CoreConfig): Core {
  const files = openFiles(config);
  const connections = createConnections();
  const { parts, keeper, disk, tellMany } = wire(config, files, connections);
  let walk: ReturnType<typeof startDamageWalk> | undefined;
  return {
    connect: (port, trust) => {
      const office = trust === 'office' ? takeOfficeSeat(parts, port) : null;
      const seat = office ?? takeTillSeat(parts, trust === 'support' ? trust : 'page');
      connections.add({ port, trust, seat, ...serve(parts, port, seat) });
      port.post({ t: 'ready', version: config.version });
      return { session: seat.session, endSession: (reason) => office?.end(reason) };
    },
    start: () => {
      // The first calendar of a process takes as long as a frame; made now, the page's first question does
      // not wait.
      setImmediate(() => void parts.directory.businessDay(parts.clock.nowMs(), null));
      parts.sync.start();
      keeper.start();
      disk.start();
      parts.imports.resume();
      parts.tagRunner.start();
      walk = startDamageWalk(parts);
      const told = (cause: unknown): void => config.log.error({ err: cause }, 'the scanners did not start');
      if (parts.screen !== 'office') void parts.devices.start().catch(told);
    },
    close: async () => {
      walk?.stop();
      disk.stop();
      await parts.imports.close();
      tellMany.close();
      await Promise.all([connections.stop(), parts.sync.close(), parts.devices.close()]);
      await files.backups.close();
      const { register, segments, tagRunner } = parts;
      await Promise.all([tagRunner.close(), keeper.close(), register.close(), segments.close()]);
      files.copy.close();
      files.spill.close();
      files.till.close();
      files.lock.release();
    },
  };
}
