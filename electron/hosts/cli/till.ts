import { randomUUID } from 'node:crypto';
import type { Core, CoreConfig } from '../../core/index.ts';
import { AppError } from '../../contract/errors.ts';
import type { CoreClient } from '../../contract/index.ts';
import { createPortPair } from '../../contract/port.ts';
import { createCoreClient } from '../client.ts';
import { loadKey } from '../key-file.ts';
import { createStderrLog } from '../log.ts';
import { assertRuntime, VERSION } from '../runtime.ts';
import { connectSupportSocket } from '../support-socket.ts';

/**
 * `read` looks or syncs, also through a running till; `write` acts for a person; `enrol` may make a new
 * till.
 */
export type Access = 'read' | 'write' | 'enrol';

export interface OpenTill {
  client: CoreClient;
  close(): Promise<void>;
}

export interface TillOptions {
  dataDir: string;
  access: Access;
  isDemo: boolean;
  /** Told what was found and mended about the key file. */
  warn: (message: string) => void;
  openCore: (config: CoreConfig) => Core;
}

/**
 * The till in `dataDir`, opened in this process. Where a running till holds the folder, reads go through
 * its core.
 *
 * @throws AppError `in_use` for anything else then, and whatever keeps the files from being opened.
 */
export async function openTill(options: TillOptions): Promise<OpenTill> {
  try {
    return openOwn(options);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'in_use' || options.access !== 'read') throw cause;
    const port = await connectSupportSocket(options.dataDir);
    return { client: createCoreClient(port), close: () => Promise.resolve(port.close()) };
  }
}

function openOwn({ dataDir, access, isDemo, warn, openCore }: TillOptions): OpenTill {
  assertRuntime();
  const log = createStderrLog();
  const keyHex = loadKey({ dataDir, mayCreate: access === 'enrol', warn });
  const core = openCore({
    dataDir,
    keyHex,
    bootId: randomUUID(),
    version: VERSION,
    scanner: null,
    isDemo,
    log,
  });
  // Never started: a command does its one thing, and sync and devices are not part of it.
  const [corePort, ownPort] = createPortPair();
  core.connect(corePort, 'support');
  return {
    client: createCoreClient(ownPort),
    close: async () => {
      ownPort.close();
      await core.close();
    },
  };
}
