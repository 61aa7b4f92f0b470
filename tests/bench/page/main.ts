/** A page that measures its port, by the client that the till's page uses and by hand. */
import { createCoreClient, type Core, type PagePort } from '../../../renderer/lib/core-client.ts';

/** A page's clock has steps of a tenth of a millisecond: one number is the mean of so many in a row. */
const IN_A_ROW = 10;

export interface PageBench {
  /** Through contract and client. @returns milliseconds, `count` of them */
  ping(count: number): Promise<number[]>;
  /** A message there and the same one back, read by nobody. */
  echo(count: number): Promise<number[]>;
}

// Cast: the preload puts it there.
const port = (globalThis as unknown as { counterfoil: PagePort }).counterfoil;

async function timeMany(act: () => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const startMs = performance.now();
    for (let turn = 0; turn < IN_A_ROW; turn += 1) await act();
    times.push((performance.now() - startMs) / IN_A_ROW);
  }
  return times;
}

let core: Core | undefined;
let resolveEcho: (() => void) | undefined;
let isListening = false;

const bench: PageBench = {
  // Made when first asked for: on the other page it would read every echo.
  ping: (count) => {
    const { calls } = (core ??= createCoreClient(port));
    return timeMany(() => calls['core.ping']({}), count);
  },
  echo: (count) => {
    if (!isListening) port.onMessage(() => resolveEcho?.());
    isListening = true;
    let calls = 0;
    const echo = (): Promise<void> =>
      new Promise((resolve) => {
        resolveEcho = resolve;
        calls += 1;
        port.post({ t: 'request', id: `bench-${calls}`, method: 'core.ping', input: {} });
      });
    return timeMany(echo, count);
  },
};

Object.assign(globalThis, { bench });
