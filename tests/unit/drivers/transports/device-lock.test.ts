import type { Server } from 'node:net';
import { expect, test, vi } from 'vitest';
import { holdDevice } from '../../../../drivers/transports/device-lock.ts';

const { made } = vi.hoisted(() => ({ made: [] as Server[] }));

// The real thing; only that the test gets hold of it, to tell what a system out of handles would tell.
vi.mock('node:net', async (load) => {
  const net = await load<typeof import('node:net')>();
  return {
    ...net,
    createServer: (...given: Parameters<typeof net.createServer>) => {
      const server = net.createServer(...given);
      made.push(server);
      return server;
    },
  };
});

test.runIf(process.platform !== 'darwin')(
  'connections that can not be accepted end no process, however many, and the device stays held',
  async () => {
    const release = await holdDevice('accepting');
    const [server] = made;
    for (let count = 0; count < 3; count += 1) server?.emit('error', new Error('accept EMFILE'));
    await expect(holdDevice('accepting')).rejects.toMatchObject({ code: 'busy' });
    await release();
    await (
      await holdDevice('accepting')
    )();
  },
);
