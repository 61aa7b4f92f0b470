import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { openDoors, type Doors } from '../../../crm/doors.ts';

const HOST = '127.0.0.1';
const CALLERS = 200;

const open: { app: FastifyInstance; doors: Doors }[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const { app, doors } of open.splice(0)) {
    await doors.close();
    await app.close();
  }
});

async function openApp(port: number): Promise<{ app: FastifyInstance; doors: Doors }> {
  const app = fastify();
  app.get('/', async () => 'here');
  const opened = { app, doors: await openDoors(app, { host: HOST, port }) };
  open.push(opened);
  return opened;
}

/** Turns of the loop until all who have knocked by now are let in. */
async function turnsUntilIn(app: FastifyInstance, count: number): Promise<number> {
  let [turns, inside] = [0, 0];
  app.server.on('connection', () => (inside += 1));
  while (inside < count && turns < 10 * count) {
    turns += 1;
    await new Promise<void>((next) => setImmediate(next));
  }
  return turns;
}

test('a crowd is let in by many doors at once: the last one waits for a few turns, not for one per caller', async () => {
  const { app, doors } = await openApp(0);
  // The kernel takes them before anybody here is asked.
  for (let at = 0; at < CALLERS; at += 1) sockets.push(connect(doors.port, HOST));
  expect(await turnsUntilIn(app, CALLERS)).toBeLessThan(CALLERS / 4);
});

test('whoever comes in by any door is answered', async () => {
  const { doors } = await openApp(0);
  const texts = Array.from({ length: 100 }, async () => {
    const reply = await fetch(`http://${HOST}:${doors.port}/`, { headers: { connection: 'close' } });
    return reply.text();
  });
  expect(new Set(await Promise.all(texts))).toEqual(new Set(['here']));
});

test('a port that somebody else has is refused, another CRM’s too', async () => {
  const { doors } = await openApp(0);
  await expect(openApp(doors.port)).rejects.toThrow('EADDRINUSE');
  const other = createServer().listen(0, HOST);
  await once(other, 'listening');
  await expect(openApp((other.address() as AddressInfo).port)).rejects.toThrow('EADDRINUSE');
  await new Promise((closed) => other.close(closed));
});

test('the port is free again when it is closed', async () => {
  const { app, doors } = await openApp(0);
  await fetch(`http://${HOST}:${doors.port}/`);
  await doors.close();
  await app.close();
  open.pop();
  expect((await openApp(doors.port)).doors.port).toBe(doors.port);
});
