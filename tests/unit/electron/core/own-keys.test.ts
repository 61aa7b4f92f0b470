import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { openTill } from '../../../../db/till/open.ts';
import type { TillDb } from '../../../../db/till/types.ts';
import { createKeyRestorer, oweOwnKeys, restoreSomeKeys } from '../../../../electron/core/own-keys.ts';
import type { OpBody } from '../../../../sync/model/op.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';
import { accountId, cardId, cardNumber, memberId, opChain, stamp } from '../../db/samples.ts';
import type { CardTypeId } from '../../../../sync/base/ids.ts';

const OPS = 450;
let dir: string;
let till: TillDb;
const open = (): TillDb => openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });

/** Every tenth op issues a card, under its own number. */
const issued = (n: number): OpBody => ({
  ...{ kind: 'card.issued', memberId: memberId(n), cardId: cardId(n), accountId: accountId(n) },
  ...{ cardNumber: cardNumber(n), cardTypeId: 'coffee' as CardTypeId, expiresOn: null },
  ...{ cardTypeVersion: 1, openingUnits: 0 },
});

beforeEach(() => {
  dir = makeFolder();
  till = open();
  const next = opChain();
  till.transaction(() => {
    for (let n = 1; n <= OPS; n += 1) till.ops.append(next(n % 10 === 0 ? issued(n) : stamp(n)), []);
  });
});
afterEach(() => {
  till.close();
  rmSync(dir, { recursive: true, force: true });
});

const isFound = (n: number): boolean =>
  till.ops.searchOpen({ key: `c${cardNumber(n)}`, isPrefix: false }, 5).includes(memberId(n));

test('keys of own actions come back in steps, the newest first, and a cut forgets none', () => {
  expect([isFound(450), restoreSomeKeys(till)]).toEqual([false, false]);
  oweOwnKeys(till);
  expect(restoreSomeKeys(till)).toBe(true);
  expect([isFound(450), isFound(260), isFound(250), isFound(10)]).toEqual([true, true, false, false]);
  till.close();
  till = open();
  expect(restoreSomeKeys(till)).toBe(true);
  expect([isFound(60), isFound(10)]).toEqual([true, false]);
  expect(restoreSomeKeys(till)).toBe(false);
  for (let n = 10; n <= OPS; n += 10) expect(isFound(n)).toBe(true);
  expect(restoreSomeKeys(till)).toBe(false);
});

test('a till lets others through between steps, and one that is closed goes on at the next start', async () => {
  const log = pino({ level: 'silent' });
  oweOwnKeys(till);
  const restorer = createKeyRestorer(till, log);
  restorer.resume();
  expect(isFound(450)).toBe(false);
  await restorer.close();
  expect(isFound(10)).toBe(false);
  const next = createKeyRestorer(till, log);
  next.resume();
  while (restoreSomeKeys(till)) await new Promise((resolve) => setImmediate(resolve));
  await next.close();
  expect([isFound(450), isFound(10)]).toEqual([true, true]);
});
