import { pino } from 'pino';
import type { CoreClient } from '../../electron/contract/index.ts';
import { createPortPair } from '../../electron/contract/port.ts';
import { openCore } from '../../electron/core/index.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { PINS } from '../parts/shop.ts';
import { KEY_HEX } from '../parts/till.ts';
import { timed } from './figure.ts';

export interface Desk {
  core: CoreClient;
  close(): Promise<void>;
}

/** A core asked by a manager as a page asks it, without a process between. */
export async function openDesk(dataDir: string): Promise<Desk> {
  const core = openCore({
    ...{ dataDir, keyHex: KEY_HEX, bootId: 'bench', version: '0', scanner: null, isDemo: false },
    log: pino({ level: 'silent' }),
  });
  const [ours, its] = createPortPair();
  core.connect(its, 'page');
  const client = createCoreClient(ours);
  await client['session.signIn']({ login: 'manager', pin: PINS.manager });
  return { core: client, close: () => core.close() };
}

const LOOK_MS = 20;

/** Milliseconds until the list of all members is whole. */
export async function untilReady(core: CoreClient): Promise<number> {
  return timed(async () => {
    while (!(await core['directory.prepare']({})).isReady)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  });
}
