import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from '../../../build/shop/child.mjs';
import { isRunning, takeRun } from '../../../build/shop/running.mjs';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-running-'));
  file = join(folder, 'running');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the shop is run by one command at a time, and can be run again once that has ended', async () => {
  const run = await takeRun(file);
  expect([await isRunning(file), await takeRun(file)]).toEqual([true, undefined]);
  await run?.end();
  expect([await isRunning(file), existsSync(file)]).toEqual([false, false]);
});

test('a run whose process is gone is stale', async () => {
  const gone = startChild(process.execPath, ['-e', 'console.log(process.pid)'], { name: 'gone' });
  const pid = await gone.line('');
  await gone.ended;
  writeFileSync(file, `${pid} 9 word\n`);
  expect(await isRunning(file)).toBe(false);
});

test('a living process of that number whose port nobody answers is another program', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Cast: it listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  writeFileSync(file, `${process.pid} ${port} word\n`);
  expect(await isRunning(file)).toBe(false);
});

test('somebody on that port who says another word, or none, is another program', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400\r\n')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Cast: it listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  writeFileSync(file, `${process.pid} ${port} word\n`);
  expect(await isRunning(file)).toBe(false);
  const run = await takeRun(file);
  expect(await isRunning(file)).toBe(true);
  await run?.end();
  server.close();
});

test.each(['', 'nonsense', String(process.pid)])('a file that says %j is of no run', async (text) => {
  writeFileSync(file, text);
  expect(await isRunning(file)).toBe(false);
});
