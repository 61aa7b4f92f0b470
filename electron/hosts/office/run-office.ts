import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type Core, type CoreConfig, openCore } from '../../core/index.ts';
import { AppError } from '../../contract/errors.ts';
import { createPortPair } from '../../contract/port.ts';
import { createCoreClient } from '../client.ts';
import { loadKey } from '../key-file.ts';
import { VERSION } from '../runtime.ts';
import { serveSupportSocket, type SupportSocket } from '../support-socket.ts';
import { createDesks, type Desks } from './desks.ts';
import { openDoor, type Door } from './door.ts';
import { createGuessLimit } from './guess-limit.ts';
import type { OfficeOptions } from './options.ts';
import { readPageFiles } from './page-files.ts';

export interface OfficeParts {
  options: OfficeOptions & { dataDir: string };
  /** The built page. */
  pageDir: string;
  isDemo: boolean;
  log: Logger;
  /** The disk failed, or the folder begins anew: this process must end. */
  onEnd: (why: 'disk' | 'renewed') => void;
  /** A clock that nobody sets; the machine's where nothing is said. */
  nowMs?: () => number;
  /** Over what a core is opened with; for tests. */
  core?: Partial<CoreConfig>;
}

export interface Office extends Pick<Door, 'url' | 'port'> {
  core: Core;
  desks: Desks;
  close(): Promise<void>;
}

function open({ options, isDemo, log, onEnd, core }: OfficeParts): Core {
  const { dataDir, enrolment } = options;
  const warn = (message: string): void => log.warn(message);
  return openCore({
    dataDir,
    keyHex: loadKey({ dataDir, mayCreate: enrolment !== null, warn }),
    // Sessions live with their pages, and none outlives this process.
    bootId: randomUUID(),
    version: VERSION,
    screen: 'office',
    scanner: null,
    isDemo,
    log,
    onDiskFault: () => onEnd('disk'),
    onRenewed: () => onEnd('renewed'),
    ...core,
  });
}

/**
 * Makes the folder an office of the chain, unless it is one.
 *
 * @throws AppError Why it can not be one; a till's folder stays a till's.
 */
async function enrolOnce(core: Core, { enrolment, name }: OfficeOptions): Promise<void> {
  const [near, far] = createPortPair();
  core.connect(far, 'support');
  const client = createCoreClient(near);
  try {
    const { tillId, kind } = await client['till.diagnose']({});
    if (tillId !== null && kind === 'office') return;
    if (tillId !== null) {
      throw new AppError(
        'already_enrolled',
        'This folder belongs to a till. Nothing was changed. Give an office a folder of its own.',
      );
    }
    if (enrolment === null) {
      throw new AppError(
        'not_enrolled',
        'There is no office in this folder. Nothing was made. Give --server and --code of a manager.',
      );
    }
    await client['till.enrol']({ ...enrolment, tillName: name });
  } finally {
    near.close();
  }
}

async function serveSupport(core: Core, { options, log }: OfficeParts): Promise<SupportSocket | undefined> {
  try {
    return await serveSupportSocket(options.dataDir, (port) => void core.connect(port, 'support'));
  } catch (cause) {
    log.warn({ err: cause }, 'no support socket');
    return undefined;
  }
}

/**
 * Opens the office's core and serves its page until `close`.
 *
 * @throws AppError What keeps the folder from being served; Error of the port that is taken, or of a missing page.
 */
export async function runOffice(parts: OfficeParts): Promise<Office> {
  const { options, log, nowMs = () => performance.now() } = parts;
  const files = await readPageFiles(parts.pageDir);
  const core = open(parts);
  const desks = createDesks({
    connect: (port) => core.connect(port, 'office'),
    guesses: createGuessLimit(nowMs),
    idleMs: options.idleMs,
    nowMs,
    version: VERSION,
    log,
  });
  try {
    await enrolOnce(core, options);
    const support = await serveSupport(core, parts);
    const door = await openDoor(options, files, desks.welcome);
    core.start();
    return {
      ...{ url: door.url, port: door.port, core, desks },
      close: async () => {
        desks.close();
        await door.close();
        await support?.close();
        await core.close();
      },
    };
  } catch (cause) {
    desks.close();
    await core.close();
    throw cause;
  }
}
