import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CoreClient } from '../../../../electron/contract/index.ts';
import { createPortPair, EventMessage } from '../../../../electron/contract/port.ts';
import { createCoreClient } from '../../../../electron/hosts/client.ts';
import { must } from '../../../../sync/base/must.ts';
import { PINS } from '../../../parts/shop.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
let page: CoreClient;
let ended: unknown[];
beforeEach(async () => {
  till = await startTestTill();
  const [near, far] = createPortPair();
  ended = [];
  near.onMessage((message) => {
    const event = EventMessage.safeParse(message);
    if (event.success && event.data.name === 'session.ended') ended.push(event.data.data);
  });
  page = createCoreClient(near);
  till.core.connect(far, 'office');
  await page['session.signIn']({ login: 'manager', pin: PINS.manager });
});
afterEach(() => endTestTill(till));

/** The manager's document once more, with another PIN. */
async function savePin(client: CoreClient, pin: string, ownPin?: string) {
  const staff = await client['documents.list']({ kind: 'staff' });
  const { kind, id, body } = must(
    staff.find((each) => each.id === 'staff-manager'),
    'the shop has one',
  );
  const saving = { opId: till.opId(), kind, id, baseVersion: body.version, body, pin };
  const asked = { ...saving, ...(ownPin !== undefined && { ownPin }) };
  await client['documents.save'](asked);
  return asked;
}

test('who changes her own PIN at an office goes on working there, also after the press came twice', async () => {
  const asked = await savePin(page, '905173', PINS.manager);
  await page['documents.save'](asked);
  expect((await page['till.get']({})).session?.person.login).toBe('manager');
  await savePin(page, '739205', '905173');
  expect([(await page['till.get']({})).session?.person.login, ended]).toEqual(['manager', []]);
});

test('another PIN that came from elsewhere ends her session', async () => {
  await till.signIn('manager');
  await savePin(till.client, '905173', PINS.manager);
  expect([(await page['till.get']({})).session, ended]).toEqual([null, [{ reason: 'gone' }]]);
});
