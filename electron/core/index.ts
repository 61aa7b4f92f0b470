import type { DbError } from '../../db/errors.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import type { EventName, EventOf } from '../contract/events.ts';
import type { Port } from '../contract/port.ts';
import { CENTRE_TIMEOUT_MS } from './centre-client.ts';
import { clockOf, type CoreConfig } from './config.ts';
import { nodeCrypto, nodeScrypt } from './crypto.ts';
import type { Core as Parts } from './ctx.ts';
import { createDirectory } from './directory.ts';
import { openCopy, openOwnFile, replaceCopy, takeFolder } from './files.ts';
import { createOpWriter } from './op-writer.ts';
import { createOverlay } from './overlay.ts';
import { createScanFlow } from './scan-flow.ts';
import { createScannerSlot } from './scanner-slot.ts';
import { serve, type Trust } from './server.ts';
import { createSessions } from './sessions.ts';
import { createSyncLoop } from './sync-loop.ts';
import { createTillSettings } from './till-settings.ts';

export type { CoreConfig } from './config.ts';

/** A running core, whoever hosts it. */
export interface Core {
  /** Says `ready` on the port and serves the contract there until the port closes. */
  connect(port: Port, trust: Trust): void;
  /** Starts what runs by itself: sync, scanner, damage checks. Call once, after the first `connect`. */
  start(): void;
  /** Stops devices and sync, then closes both files and lets the folder go. */
  close(): Promise<void>;
}

interface Connection {
  port: Port;
  trust: Trust;
  session: ReturnType<typeof serve>['session'];
  stop: () => void;
}

function createConnections() {
  const open = new Set<Connection>();
  const publish = <Name extends EventName>(name: Name, data: EventOf<Name>): void => {
    for (const { port } of open) port.post({ t: 'event', name, data });
  };
  /** The session of the screen, which is where scans go. */
  const pageSession = () => [...open].find((each) => each.trust === 'page')?.session() ?? null;
  return { open, publish, pageSession };
}

/**
 * Opens a till's folder and wires its core. Wiring and order only.
 *
 * @throws AppError Why this folder can not be served (`in_use`, `key_wrong`, `till_damaged`, `disk_full`, …). Nothing
 * was changed then.
 */
export function openCore(config: CoreConfig): Core {
  const { dataDir, keyHex, log } = config;
  const clock = clockOf(config);
  const lock = takeFolder(dataDir);
  let copy: ReplicaDb;
  let till: ReturnType<typeof openOwnFile>;
  try {
    till = openOwnFile(dataDir, keyHex);
    copy = openCopy(dataDir, keyHex, log);
  } catch (cause) {
    lock.release();
    throw cause;
  }
  const replica = (): ReplicaDb => copy;
  const { open, publish, pageSession } = createConnections();
  const settings = createTillSettings(till.settings);
  const directory = createDirectory(replica, settings.enrolment);
  const overlay = createOverlay(till, replica);
  const isUpdateNeeded = (): boolean => till.isNewer || copy.isNewer;
  const sessions = createSessions({ settings, directory, scrypt: nodeScrypt, clock, bootId: config.bootId });
  const sync = createSyncLoop({
    till,
    replica,
    settings,
    clock,
    log,
    timeoutMs: config.centreTimeoutMs ?? CENTRE_TIMEOUT_MS,
    onStatus: (status) => publish('sync.changed', status),
    onDocuments: () => {
      directory.reload();
      publish('till.changed', {});
    },
    onChanged: (memberIds) => publish('data.changed', { memberIds }),
  });
  const writer = createOpWriter({
    till,
    directory,
    settings,
    crypto: nodeCrypto,
    clock,
    isUpdateNeeded,
    onSaved: (memberId) => {
      publish('data.changed', { memberIds: [memberId] });
      sync.nudge();
    },
  });
  const scans = createScanFlow(() => ({ ...parts, session: pageSession() }));
  const scanner = createScannerSlot({
    settings,
    override: config.scanner,
    ownPrefixes: () => [directory.chain()?.cardPrefix].filter((prefix) => prefix !== undefined),
    scans,
    clock,
    log,
    onChanged: (view) => publish('scanner.changed', view),
  });
  const onDbError = (error: DbError): void => {
    if (error.file === 'replica' && error.code === 'damaged') {
      copy = replaceCopy(copy, dataDir, keyHex, log);
      directory.reload();
      publish('data.changed', { memberIds: null });
      sync.nudge();
    } else if (error.code === 'io' || error.code === 'damaged') {
      config.onDiskFault?.(error.code);
    }
  };
  const parts: Parts = {
    ...{ version: config.version, dataDir, isDemo: config.isDemo, log, clock, crypto: nodeCrypto },
    ...{
      till,
      replica,
      isUpdateNeeded,
      settings,
      directory,
      overlay,
      writer,
      sync,
      scanner,
      scans,
      sessions,
    },
    ...{ onDbError, publish },
  };
  return {
    connect: (port, trust) => {
      const { session, stop } = serve(parts, port, trust);
      const connection: Connection = { port, trust, session, stop };
      open.add(connection);
      port.onClose?.(() => {
        stop();
        open.delete(connection);
      });
      port.post({ t: 'ready', version: config.version });
    },
    start: () => {
      sync.start();
      void scanner.start().catch((cause: unknown) => log.error({ err: cause }, 'the scanner did not start'));
    },
    close: async () => {
      await Promise.all([sync.close(), scanner.close()]);
      for (const { stop } of open) stop();
      copy.close();
      till.close();
      lock.release();
    },
  };
}
