import { expect, test } from 'vitest';
import { listOrigins } from '../../../../../electron/hosts/office/addresses.ts';
import { createGuessLimit } from '../../../../../electron/hosts/office/guess-limit.ts';
import { readOptions, UsageError } from '../../../../../electron/hosts/office/options.ts';

/** Any that can be read: what is in it is looked at when the door opens. */
const FILE = import.meta.filename;

test('without a word it serves this computer alone', () => {
  expect(readOptions([])).toEqual({
    dataDir: null,
    enrolment: null,
    name: 'Office',
    port: 4890,
    host: '127.0.0.1',
    origin: null,
    tls: null,
    proxies: [],
    idleMs: 15 * 60_000,
  });
});

test.each([
  ['a network without TLS', ['--host', '0.0.0.0', '--origin', 'https://office.example']],
  [
    'a network and a proxy that speaks in the clear',
    ['--host', '0.0.0.0', '--origin', 'http://office.example', '--proxy', '10.0.0.1'],
  ],
  ['a network without a name of its own', ['--host', '192.0.2.7', '--proxy', '10.0.0.1']],
  ['a network without a name, although with TLS', ['--host', '192.0.2.7', '--cert', FILE, '--key', FILE]],
  ['a name that only looks like this computer', ['--host', '127.evil.example']],
  ['a proxy without the address that people type', ['--proxy', '10.0.0.1']],
  ['a proxy that comes from anywhere', ['--origin', 'https://office.example', '--proxy', '']],
  ['a proxy by its name', ['--origin', 'https://office.example', '--proxy', 'proxy.example']],
  ['a network that is none', ['--origin', 'https://office.example', '--proxy', '10.0.0.0/33']],
  ['half of a pair', ['--cert', 'a.pem']],
  ['a file that is not there', ['--cert', '/none/a.pem', '--key', '/none/b.pem']],
  ['a code without a centre', ['--code', 'ABCDE-FGHJK']],
  ['an address with a path', ['--origin', 'https://office.example/there']],
  ['no port', ['--port', '70000']],
  ['no number', ['--port', '4_0']],
  ['a word that nobody knows', ['--colour', 'red']],
])('refused: %s', (_, words) => {
  expect(() => readOptions(words)).toThrow(UsageError);
});

test('a network is served behind a proxy that makes TLS', () => {
  const words = ['--host', '0.0.0.0', '--origin', 'https://office.example', '--proxy', '10.0.0.1,::1'];
  expect(readOptions(words)).toMatchObject({
    origin: 'https://office.example',
    proxies: ['10.0.0.1', '::1'],
  });
});

test('only names of our own are known: this computer’s, or the one that people type', () => {
  const own = { host: '127.0.0.1', port: 4890, hasTls: false, origin: null };
  expect([...listOrigins(own)]).toEqual([
    ['127.0.0.1:4890', 'http://127.0.0.1:4890'],
    ['localhost:4890', 'http://localhost:4890'],
  ]);
  expect([...listOrigins({ ...own, host: '::1', hasTls: true })]).toEqual([
    ['[::1]:4890', 'https://[::1]:4890'],
  ]);
  expect([...listOrigins({ ...own, host: '0.0.0.0', origin: 'https://office.example' })]).toEqual([
    ['office.example', 'https://office.example'],
  ]);
});

test('twenty tries in a quarter of an hour from one address; what was no guess gives one back', () => {
  let nowMs = 0;
  const limit = createGuessLimit(() => nowMs);
  for (let tries = 0; tries < 20; tries += 1) expect(limit.begin('a')).toBe(true);
  expect([limit.begin('a'), limit.begin('b')]).toEqual([false, true]);
  limit.succeed('a');
  expect([limit.begin('a'), limit.begin('a')]).toEqual([true, false]);
  nowMs += 15 * 60_000;
  expect(limit.begin('a')).toBe(true);
});
