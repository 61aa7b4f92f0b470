import type { Logger } from 'pino';
import type { DbError } from '../../db/errors.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import type { EventName, EventOf } from '../contract/events.ts';
import type { Input, MethodName, Output } from '../contract/index.ts';
import type { Session } from '../contract/till.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { CloseProver } from './close/prover.ts';
import type { createCentreClient } from './centre-client.ts';
import type { DiskWatch } from './disk-watch.ts';
import type { Devices } from './devices/devices.ts';
import type { Directory } from './directory.ts';
import type { ImportDesk } from './imports/desk.ts';
import type { OpWriter } from './op-writer.ts';
import type { Overlay } from './overlay.ts';
import type { RegisterKeeper } from './register/register-keeper.ts';
import type { ScanFlow } from './scan-flow.ts';
import type { OpenMembers } from './sight.ts';
import type { SegmentDesk } from './segments/segment-desk.ts';
import type { TagRunner } from './segments/tag-runner.ts';
import type { PinPlace, Sessions } from './sessions.ts';
import type { SyncLoop } from './sync-loop.ts';
import type { TillSettings } from './till-settings.ts';

/** Everything of a core that its handlers may use. Nothing global: two cores can live in one process. */
export interface Core {
  version: string;
  /** What its pages are for. */
  screen: 'till' | 'office';
  dataDir: string;
  isDemo: boolean;
  log: Logger;
  clock: ClockGuard;
  crypto: Crypto;
  /** How the centre is reached; over HTTP where nothing else is said. */
  connect?: typeof createCentreClient;
  /** How time passes for who waits; the machine's where nothing else is said. */
  sleep?: (ms: number) => Promise<void>;
  /** A new id; see `newId` of `sync/base/ids.ts`. Handed in, so that a whole till can be run again from a seed. */
  newId: <Id extends string>() => Id;
  till: TillDb;
  /** The replica can be thrown away and opened anew, so it is asked for each time. */
  replica: () => ReplicaDb;
  disk: Pick<DiskWatch, 'room'>;
  /** True while files are newer than this program: read and send, write nothing. */
  isUpdateNeeded: () => boolean;
  settings: TillSettings;
  directory: Directory;
  overlay: Overlay;
  register: RegisterKeeper;
  segments: SegmentDesk;
  tagRunner: TagRunner;
  writer: OpWriter;
  sync: SyncLoop;
  closeProver: CloseProver;
  devices: Devices;
  scans: ScanFlow;
  imports: ImportDesk;
  sessions: Sessions;
  /** Whose page each session has open, and whether whole. */
  openMembers: OpenMembers;
  /** The core decides whether a failure of a file ends it; see `index.ts`. */
  onDbError: (error: DbError) => void;
  /** The till was given a new incarnation; the next start begins with a fresh file. */
  onRenewed: () => void;
  publish: <Name extends EventName>(name: Name, data: EventOf<Name>) => void;
}

/** One call's view of the core: who asks is known, and for a command it is somebody. */
export interface Ctx extends Core {
  session: Session | null;
  /** Where whoever asks sits, as the log names it; at the screen where nothing else is said. */
  place?: PinPlace;
  /** Who is signed in here has this document from now on, by her own doing: it does not end her session here. */
  keepSession?: (staffId: string, pinHash: string) => void;
}

export type Handler<Name extends MethodName> = (
  ctx: Ctx,
  input: Input<Name>,
) => Output<Name> | Promise<Output<Name>>;
export type Handlers = { [Name in MethodName]: Handler<Name> };
