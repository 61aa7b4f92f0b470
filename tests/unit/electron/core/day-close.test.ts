import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../../../electron/hosts/cli/run-cli.ts';
import { openCore } from '../../../../electron/core/index.ts';
import { certificateText, CloseCertificate } from '../../../../sync/close/certificate.ts';
import { nodeSigning, signingPublicKey } from '../../../../electron/core/crypto.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';
import { openTill } from '../../../../db/till/open.ts';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { PINS } from '../../../parts/shop.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
});
afterEach(() => endTestTill(till));

const enrol = (lastName: string) =>
  till.client['members.add']({
    opId: till.opId(),
    draft: { lastName },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: false,
  });
const close = (businessDay: string | null = null) => till.client['day.close']({ businessDay });

test('a cashier does not close the day, a supervisor does', async () => {
  await enrol('Tan');
  await expect(close()).rejects.toMatchObject({ code: 'not_allowed' });
  expect((await till.client['day.listCloses']({})).map(({ proof }) => proof)).toEqual(['open']);
  await till.signIn('supervisor');
  expect((await close()).proof.state).toBe('pending');
});

test('a day without a single action closes, too', async () => {
  await till.signIn('manager');
  expect(await close()).toMatchObject({ opCount: 0, ranges: [], lines: [], chainHead: { tseq: 0 } });
});

test('the hours of a day are the shop’s, whatever the PC’s clock and zone say', async () => {
  await till.core.close();
  const realMs = Date.UTC(2026, 10, 22, 3, 30);
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const aheadMs = 5 * 3_600_000;
  const trusted = { offsetMs: -aheadMs, trustedMs: realMs, tseq: 0 };
  createTillSettings(file.settings).setTrustedClock(trusted);
  file.close();
  const clock = { nowMs: () => realMs + aheadMs, monotonicMs: () => 1_000_000 };
  till = openTestTill(till.dir, { clock });
  await till.signIn('manager');
  await enrol('Tan');
  const { hours } = await till.client['day.getReport']({ businessDay: '2026-11-22' });
  expect(hours.flatMap((count, hour) => (count > 0 ? [[hour, count]] : []))).toEqual([[11, 1]]);
});

test('the certificate is signed with the till’s key, and one changed figure breaks it', async () => {
  await enrol('Tan');
  await till.signIn('manager');
  const { businessDay } = await close();
  await till.core.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const stored = file.closes.find(businessDay);
  file.close();
  const certificate = CloseCertificate.parse(JSON.parse(stored?.certificate ?? ''));
  const publicKey = signingPublicKey('7e'.repeat(32));
  const isSigned = (changes: Partial<CloseCertificate>): boolean =>
    nodeSigning.isSigned(publicKey, certificateText({ ...certificate, ...changes }), stored?.signature ?? '');
  expect([isSigned({}), isSigned({ opCount: 2 })]).toEqual([true, false]);
});

test('the command line closes a day and prints its certificate; a page’s till goes on', async () => {
  await enrol('Tan');
  await till.core.close();
  writeFileSync(join(till.dir, 'till.key'), KEY_HEX, { mode: 0o600 });
  let out = '';
  const words = ['close-day', '--data', till.dir, '--as', 'manager', '--pin', PINS.manager, '--json'];
  const io = { out: (text: string) => void (out += text), err: () => undefined, env: {}, openCore };
  expect(await runCli(words, io)).toBe(0);
  const { data } = JSON.parse(out) as { data: Record<string, unknown> };
  expect(data).toMatchObject({
    opCount: 1,
    tillId: 'till-1',
    incarnation: 1,
    ranges: [{ fromTseq: 1, toTseq: 1 }],
    outstanding: 1,
    proof: { state: 'pending' },
  });
  expect(data['signature']).toMatch(/^[0-9a-f]{128}$/);
});
