import { pino } from 'pino';
import type { SpillFile } from '../../db/spill/spill-file.ts';
import type { Input, MethodName, Output } from '../../electron/contract/index.ts';
import type { FromCore, Port, Reply } from '../../electron/contract/port.ts';
import { openCore } from '../../electron/core/index.ts';
import { KEY_HEX } from '../parts/till.ts';
import { PINS } from '../parts/shop.ts';

/**
 * A core that is asked as a page asks it, envelope and checks included, but by a plain call instead of a
 * process.
 */
export interface ServedCore {
  /**
   * @throws Error when the core refuses, or can not answer at once: a slow answer would be measured as a
   * quick one.
   */
  call<Name extends MethodName>(method: Name, input: Input<Name>): Output<Name>;
  /**
   * When the core last said that an op is safe, which it does right after the commit; by
   * `performance.now()`.
   */
  savedAtMs(): number;
  close(): Promise<void>;
}

/** @param spill In the place of the file beside `till.db`. */
export async function openServedCore(dataDir: string, spill?: SpillFile): Promise<ServedCore> {
  const log = pino({ level: 'silent' });
  const core = openCore({
    dataDir,
    keyHex: KEY_HEX,
    bootId: 'bench',
    version: '0',
    scanner: null,
    isDemo: false,
    log,
    ...(spill !== undefined && { spill }),
  });
  let deliver: (message: unknown) => void = () => undefined;
  let heard: Reply | undefined;
  let onReply: (() => void) | undefined;
  let savedAtMs = 0;
  const port: Port = {
    post: (message) => {
      // Cast: the core posts nothing else than what the contract lists.
      const posted = message as FromCore;
      if (posted.t === 'event' && posted.name === 'data.changed') savedAtMs = performance.now();
      if (posted.t !== 'reply') return;
      heard = posted;
      onReply?.();
    },
    onMessage: (listener) => {
      deliver = listener;
      return () => undefined;
    },
    close: () => undefined,
  };
  core.connect(port, 'page');
  const take = (method: string): unknown => {
    const reply = heard;
    heard = undefined;
    if (reply === undefined) throw new Error(`${method}: no answer yet`);
    if (!reply.ok) throw new Error(`${method}: ${reply.error.code}, ${reply.error.message}`);
    return reply.data;
  };
  await new Promise<void>((resolve) => {
    onReply = resolve;
    deliver({
      t: 'request',
      id: '0',
      method: 'session.signIn',
      input: { login: 'cashier', pin: PINS.cashier },
    });
  });
  onReply = undefined;
  take('session.signIn');
  return {
    call: (method, input) => {
      deliver({ t: 'request', id: '1', method, input });
      // Cast: the handler's own type says what the method answers.
      return take(method) as Output<typeof method>;
    },
    savedAtMs: () => savedAtMs,
    close: () => core.close(),
  };
}
