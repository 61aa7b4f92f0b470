import { expect, test } from 'vitest';
import { createSetUpStore, toServerUrl } from '../../../../../renderer/features/start/set-up-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';

test.each([
  ['crm.example.com', 'https://crm.example.com'],
  [' https://crm.example.com/ ', 'https://crm.example.com'],
  ['localhost:8080', 'http://localhost:8080'],
  ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['', null],
  ['not a name', null],
  ['not an address', null],
  ['http://not an address', null],
  ['https://', null],
  ['ftp://crm.example.com', null],
  ['mailto:somebody@example.com', null],
  ['crm.example.com:99999', null],
  ['http://10.0.0.7:8080/till/', 'http://10.0.0.7:8080/till'],
  ['[::1]:8080', 'http://[::1]:8080'],
  ['会员.example.com', 'https://会员.example.com'],
])('the address %j means %j', (text, url) => {
  expect(toServerUrl(text)).toBe(url);
});

test('nothing is sent before address and code can be right', async () => {
  const core = createScriptedCore();
  const store = createSetUpStore(core.calls);
  store.getState().type('serverUrl', 'crm.example.com');
  store.getState().type('code', 'short');
  await store.getState().enrol();
  expect([core.asked, store.getState().setUp.status]).toEqual([[], 'checking']);
});

test('a refused code stays in the form, with the reason', async () => {
  const core = createScriptedCore();
  const store = createSetUpStore(core.calls);
  store.getState().type('serverUrl', 'crm.example.com');
  store.getState().type('code', 'ABCDE-FGHJK');
  void store.getState().enrol();
  expect(core.last().input).toEqual({
    serverUrl: 'https://crm.example.com',
    code: 'ABCDE-FGHJK',
    tillName: '',
  });
  await core.last().refuse('centre_refused', 'used');
  expect(store.getState()).toMatchObject({
    code: 'ABCDE-FGHJK',
    setUp: { status: 'failed', failure: { code: 'centre_refused', message: 'used' } },
  });
});
