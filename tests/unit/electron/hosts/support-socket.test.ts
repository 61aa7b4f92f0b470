import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MESSAGE_CHARS_MAX, type Port, Request } from '../../../../electron/contract/port.ts';
import { createCoreClient } from '../../../../electron/hosts/client.ts';
import { connectSupportSocket, serveSupportSocket } from '../../../../electron/hosts/support-socket.ts';
import { makeFolder } from './folder.ts';

/** Answers each call with `{}`, after an event that nobody on this socket may hear. */
function echoCore(served: string[]): (port: Port) => void {
  return (port) => {
    port.onMessage((message) => {
      const { id, method } = Request.parse(message);
      served.push(method);
      port.post({ t: 'event', name: 'scan.resolved', data: { source: 'serial' } });
      port.post({ t: 'reply', id, ok: true, data: {} });
    });
  };
}

async function serveEcho(dataDir: string): Promise<string[]> {
  const served: string[] = [];
  const socket = await serveSupportSocket(dataDir, echoCore(served));
  onTestFinished(() => socket.close());
  return served;
}

test('another program of the same account is served, nobody else can open the socket', async () => {
  const dataDir = makeFolder();
  const served = await serveEcho(dataDir);
  const client = createCoreClient(await connectSupportSocket(dataDir));
  expect(await client['core.ping']({})).toEqual({});
  expect(served).toEqual(['core.ping']);
  expect(statSync(join(dataDir, 'core.sock')).mode & 0o777).toBe(0o600);
});

test('whatever acts or signs in is answered with in_use and does not reach the core', async () => {
  const dataDir = makeFolder();
  const served = await serveEcho(dataDir);
  const client = createCoreClient(await connectSupportSocket(dataDir));
  await expect(client['session.signIn']({ login: 'a', pin: '1' })).rejects.toMatchObject({ code: 'in_use' });
  await expect(client['session.signOut']({})).rejects.toMatchObject({ code: 'in_use' });
  await expect(client['scans.resolve']({ text: '1' })).rejects.toMatchObject({ code: 'in_use' });
  expect(served).toEqual([]);
});

test('events of the page stay with the page', async () => {
  const dataDir = makeFolder();
  await serveEcho(dataDir);
  const port = await connectSupportSocket(dataDir);
  const heard: unknown[] = [];
  const replied = new Promise<void>((resolve) => {
    port.onMessage((message) => {
      heard.push(message);
      resolve();
    });
  });
  port.post({ t: 'request', id: '1', method: 'core.ping', input: {} });
  await replied;
  expect(heard).toEqual([{ t: 'reply', id: '1', ok: true, data: {} }]);
});

test('a socket file that a dead core left does not keep the next one from serving', async () => {
  const dataDir = makeFolder();
  writeFileSync(join(dataDir, 'core.sock'), '');
  await serveEcho(dataDir);
  const client = createCoreClient(await connectSupportSocket(dataDir));
  expect(await client['core.ping']({})).toEqual({});
});

test('a folder whose path is too long for a socket address is served all the same', async () => {
  const dataDir = join(makeFolder(), 'd'.repeat(120));
  mkdirSync(dataDir);
  await serveEcho(dataDir);
  expect(existsSync(join(dataDir, 'core.sock'))).toBe(true);
  const client = createCoreClient(await connectSupportSocket(dataDir));
  expect(await client['core.ping']({})).toEqual({});
});

test('a holder that serves no socket means in_use', async () => {
  await expect(connectSupportSocket(makeFolder())).rejects.toMatchObject({ code: 'in_use' });
});

test('a socket file that nobody serves means in_use', async () => {
  const dataDir = makeFolder();
  const die = `process.kill(process.pid, 'SIGKILL')`;
  const script = `require('net').createServer().listen('core.sock', () => ${die})`;
  await once(spawn(process.execPath, ['-e', script], { cwd: dataDir }), 'exit');
  expect(existsSync(join(dataDir, 'core.sock'))).toBe(true);
  await expect(connectSupportSocket(dataDir)).rejects.toMatchObject({ code: 'in_use' });
});

test.each([
  ['a line that is too long', 'x'.repeat(MESSAGE_CHARS_MAX + 1)],
  ['a line that is no JSON', 'hello\n'],
])('a peer that sends %s is cut off and the next one is served', async (_what, text) => {
  const dataDir = makeFolder();
  await serveEcho(dataDir);
  const peer = connect(join(dataDir, 'core.sock'));
  peer.on('error', () => undefined);
  peer.write(text);
  await once(peer, 'close');
  const client = createCoreClient(await connectSupportSocket(dataDir));
  expect(await client['core.ping']({})).toEqual({});
});

test('closing ends open connections, and their calls fail', async () => {
  const dataDir = makeFolder();
  const socket = await serveSupportSocket(dataDir, () => undefined);
  const client = createCoreClient(await connectSupportSocket(dataDir));
  const waiting = client['core.ping']({});
  await socket.close();
  await expect(waiting).rejects.toMatchObject({ code: 'core_stopped' });
  expect(existsSync(join(dataDir, 'core.sock'))).toBe(false);
});
