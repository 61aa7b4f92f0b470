import { expect, test } from 'vitest';
import {
  createPortPair,
  isOversized,
  MESSAGE_CHARS_MAX,
  ToPage,
} from '../../../../electron/contract/port.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('messages arrive in order, as copies, and never from inside post', async () => {
  const [page, core] = createPortPair();
  const heard: unknown[] = [];
  core.onMessage((message) => heard.push(message));
  const sent = { list: [1n, 2n] };
  page.post(sent);
  page.post('second');
  expect(heard).toEqual([]);
  await settle();
  expect(heard).toEqual([{ list: [1n, 2n] }, 'second']);
  expect(heard[0]).not.toBe(sent);
});

test('messages wait for the first listener and keep their order', async () => {
  const [page, core] = createPortPair();
  page.post(1);
  await settle();
  const heard: unknown[] = [];
  core.onMessage((message) => heard.push(message));
  page.post(2);
  await settle();
  expect(heard).toEqual([1, 2]);
});

test('a removed listener hears nothing more', async () => {
  const [page, core] = createPortPair();
  const heard: unknown[] = [];
  const stop = core.onMessage((message) => heard.push(message));
  core.onMessage(() => undefined);
  stop();
  page.post(1);
  await settle();
  expect(heard).toEqual([]);
});

test('a closed end sends nothing, and the other end hears of it once', async () => {
  const [page, core] = createPortPair();
  let closes = 0;
  const heard: unknown[] = [];
  core.onClose(() => (closes += 1));
  core.onMessage((message) => heard.push(message));
  page.close();
  page.close();
  page.post(1);
  await settle();
  core.post(2);
  expect({ closes, heard }).toEqual({ closes: 1, heard: [] });
});

test('what JSON can not say or what is too long is oversized', () => {
  const endless: Record<string, unknown> = {};
  endless['self'] = endless;
  expect([undefined, {}, 'x'.repeat(MESSAGE_CHARS_MAX), endless, 1n].map(isOversized)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

test('a page takes replies, events and words about the core, and nothing else', () => {
  const good = [
    { t: 'reply', id: '1', ok: true, data: null },
    { t: 'reply', id: '1', ok: false, error: { code: 'not_found', message: '' } },
    { t: 'event', name: 'data.changed', data: {} },
    { t: 'ready', version: '0.1.0' },
    { t: 'refused', code: 'newer_replica', message: '' },
    { t: 'core', state: 'restarting', message: '' },
  ];
  const bad = [
    null,
    { t: 'reply', id: '1', ok: true, error: {} },
    { t: 'core', state: 'gone', message: '' },
    { t: 'x' },
  ];
  expect(good.map((message) => ToPage.safeParse(message).success)).toEqual(good.map(() => true));
  expect(bad.map((message) => ToPage.safeParse(message).success)).toEqual(bad.map(() => false));
});
