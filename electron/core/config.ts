import type { Logger } from 'pino';
import type { SpillFile } from '../../db/spill/spill-file.ts';
import type { Transports } from './devices/seen-devices.ts';
import { systemClock, type CoreClock } from './system-clock.ts';

/** What a host hands to the core that it runs. Nothing here is personal. */
export interface CoreConfig {
  /** The till's folder: `till.db`, `replica.db`. */
  dataDir: string;
  /** Raw 256-bit key of both files, 64 hex digits. */
  keyHex: string;
  /** Random per start of the app: a core that is forked again within it takes up the session. */
  bootId: string;
  version: string;
  /** `PATH[,profile]`, over the setting; null leaves the setting. */
  scanner: string | null;
  isDemo: boolean;
  /** `office`: pages of several people at once, the whole ledger, no scanners; a till where nothing is said. */
  screen?: 'till' | 'office';
  /** In place of the system's own; for tests. */
  transports?: Transports;
  log: Logger;
  clock?: CoreClock;
  /** A benchmark puts its own in the place of the file beside `till.db`. */
  spill?: SpillFile;
  /** How much room a folder's disk has; what the system says where nothing else is. */
  freeBytes?: (folder: string) => number;
  /** How long after the start the till's own file may be copied first; a minute where nothing is said. */
  backUpAfterMs?: number;
  /** How long the centre may be silent. */
  centreTimeoutMs?: number;
  /** The disk failed under an open file: the host ends this process, and a fresh core looks again. */
  onDiskFault?: (code: string) => void;
  /** The till was given a new incarnation: the host starts a fresh core, which begins with a fresh file. */
  onRenewed?: () => void;
}

export const clockOf = (config: CoreConfig): CoreClock => config.clock ?? systemClock;
