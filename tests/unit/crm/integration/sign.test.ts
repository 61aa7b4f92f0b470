import { expect, test } from 'vitest';
import { isWebhookSigned, signWebhook, webhookSecret } from '../../../../crm/integration/sign.ts';

const body = '{"a":1}';
const atMs = 1_700_000_000_000;

test('a signature is of one secret, one body and one time', () => {
  const header = signWebhook(['s1'], { atMs, body });
  expect(isWebhookSigned('s1', { header, body, nowMs: atMs })).toBe(true);
  expect(isWebhookSigned('s2', { header, body, nowMs: atMs })).toBe(false);
  expect(isWebhookSigned('s1', { header, body: `${body} `, nowMs: atMs })).toBe(false);
  const moved = header.replace(/t=\d+/, `t=${atMs / 1_000 + 1}`);
  expect(isWebhookSigned('s1', { header: moved, body, nowMs: atMs })).toBe(false);
});

test('what was listened to can not be sent again after five minutes, nor from the future', () => {
  const header = signWebhook(['s1'], { atMs, body });
  const at = (seconds: number) => isWebhookSigned('s1', { header, body, nowMs: atMs + seconds * 1_000 });
  expect([at(300), at(301), at(-300), at(-301)]).toEqual([true, false, true, false]);
});

test('while a secret is renewed either of the two is enough', () => {
  const header = signWebhook(['new', 'old'], { atMs, body });
  const fits = ['new', 'old', 'other'].map((secret) =>
    isWebhookSigned(secret, { header, body, nowMs: atMs }),
  );
  expect(fits).toEqual([true, true, false]);
});

test('garbage is no signature', () => {
  for (const header of ['', 't=', 't=1,v1=', 't=NaN,v1=x', 'v1=', `t=${atMs / 1_000},v1=zz`])
    expect(isWebhookSigned('s1', { header, body, nowMs: atMs }), header).toBe(false);
});

test('each webhook and each renewal has a secret of its own', () => {
  const seed = 'ab'.repeat(32);
  const secrets = [
    webhookSecret(seed, 'hook-1', 1),
    webhookSecret(seed, 'hook-1', 2),
    webhookSecret(seed, 'hook-2', 1),
    webhookSecret('cd'.repeat(32), 'hook-1', 1),
  ];
  expect(new Set(secrets).size).toBe(4);
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
});
