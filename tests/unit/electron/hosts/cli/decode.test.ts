import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../../../../electron/hosts/cli/run-cli.ts';
import given from '../../../../vectors/given.json' with { type: 'json' };
import { givenEvents } from '../../../../vectors/given-events.ts';
import { makeFolder } from '../folder.ts';

const neverOpened = (): never => {
  throw new Error('the till was opened');
};

async function run(...argv: string[]) {
  const written = { out: '', err: '' };
  const exitCode = await runCli(['decode', ...argv], {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    env: {},
    openCore: neverOpened,
  });
  return { exitCode, ...written };
}
const eventsOf = async (...argv: string[]): Promise<Record<string, unknown>[]> => {
  const { out } = await run(...argv, '--json');
  const { data } = JSON.parse(out) as { data: { events: Record<string, unknown>[] } };
  return data.events;
};
const kindsOf = (events: readonly Record<string, unknown>[]): unknown[] =>
  events.map(({ type, scan }) => (type === 'scan' ? (scan as { kind: string }).kind : type));

test('every given vector comes through the command line as its kinds, without a till', async () => {
  for (const { id, profile, in: chunks } of given.filter((each) => each.id !== 49)) {
    const expected = (givenEvents[id] ?? []).map((event) =>
      event.type === 'scan' ? event.scan.kind : event.type,
    );
    expect([id, kindsOf(await eventsOf('--profile', profile, ...chunks))]).toEqual([id, expected]);
    expect([id, kindsOf(await eventsOf('--profile', profile, JSON.stringify(chunks)))]).toEqual([
      id,
      expected,
    ]);
  }
});

test('an event is told whole', async () => {
  const told = await eventsOf('--profile', 'aim cr', '5D4530', '34303036333831333333393331 0D', '/ +2000ms');
  expect(told).toEqual([
    {
      type: 'scan',
      at: 0,
      seq: 1,
      scan: {
        kind: 'product',
        symbology: 'ean13',
        declared: true,
        aim: ']E0',
        data: '4006381333931',
        gtin14: '04006381333931',
        issues: [],
      },
    },
  ]);
});

test('bytes may be text, base64 or a file', async () => {
  const code = ']C06035550000001230\r';
  const path = join(makeFolder(), 'scan.bin');
  writeFileSync(path, code);
  const wanted = ['member-card'];
  const profile = ['--profile', 'aim cr'];
  expect(kindsOf(await eventsOf(...profile, '--input', 'text', ']C0603555000\\x30001230\\r'))).toEqual(
    wanted,
  );
  expect(kindsOf(await eventsOf(...profile, '--input', 'base64', btoa(code)))).toEqual(wanted);
  expect(kindsOf(await eventsOf(...profile, '--input', 'file', path))).toEqual(wanted);
  expect(await run(...profile, '--input', 'file', `${path}2`)).toMatchObject({ exitCode: 1 });
});

test('a chain’s own prefixes are its own', async () => {
  const card = ['--profile', 'cr', '--input', 'text', '4111111111111111\\r'];
  expect(kindsOf(await eventsOf(...card))).toEqual(['blocked-payment-card']);
  expect(kindsOf(await eventsOf(...card, '--own-prefixes', '5,411111'))).toEqual(['member-card']);
});

test('a payment card is shown masked, to people and to scripts', async () => {
  const card = ['--profile', 'msr text cr', '--input', 'text', '%B4111111111111111^DOE/JANE^2912?\\r'];
  for (const argv of [card, [...card, '--json']]) {
    const { out, err, exitCode } = await run(...argv);
    expect([exitCode, out + err]).toEqual([0, expect.stringContaining('411111******1111')]);
    expect(out + err).not.toMatch(/4111111111|DOE|2912/);
  }
});

test('what becomes nothing is said to be nothing', async () => {
  expect(await run('--profile', 'cr', '0D0D0A0D')).toEqual({ exitCode: 0, out: 'nothing\n', err: '' });
});
