import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { backUpTill } from '../../../../db/till/back-up.ts';
import { copyInto } from '../../../../db/migrate.ts';
import { openTill } from '../../../../db/till/open.ts';
import { closing, KEY, OTHER_KEY, tempFolder } from '../files.ts';
import { cardNumber, opChain, opId, stamp } from '../samples.ts';

const newTill = () => closing(openTill({ path: join(tempFolder(), 'till.db'), keyHex: KEY }));
const block = (blockId: number, numbers: number[]) => ({ blockId, numbers: numbers.map(cardNumber) });

test('card numbers are issued in the order in which they were granted, each once', () => {
  const { stock, ops, transaction } = newTill();
  stock.addBlock(block(1, [9, 4]));
  stock.addBlock(block(2, [1]));
  stock.addBlock(block(1, [9, 4]));
  expect([stock.countFree(), stock.lastBlockId(), stock.nextFree()]).toEqual([3, 2, cardNumber(9)]);
  const next = opChain();
  const use = (n: number) =>
    transaction(() => {
      stock.markUsed(cardNumber(n), opId(1));
      if (ops.last() === null) ops.append(next(stamp(1)), []);
    });
  use(9);
  expect([stock.countFree(), stock.nextFree(), stock.isMine(cardNumber(9))]).toEqual([
    2,
    cardNumber(4),
    true,
  ]);
  expect(() => use(9)).toThrow('in the stock and free');
  expect(() => use(5)).toThrow('in the stock and free');
  use(4);
  use(1);
  expect([stock.countFree(), stock.nextFree(), stock.isMine(cardNumber(5))]).toEqual([0, undefined, false]);
});

test('an empty till has no block and no number', () => {
  const { stock } = newTill();
  expect([stock.countFree(), stock.lastBlockId(), stock.nextFree()]).toEqual([0, 0, undefined]);
});

test('a number can not be used by an op that is not there when the transaction commits', () => {
  const { stock, transaction } = newTill();
  stock.addBlock(block(1, [1]));
  expect(() => transaction(() => stock.markUsed(cardNumber(1), opId(1)))).toThrow('FOREIGN KEY');
  expect(stock.countFree()).toBe(1);
});

test('a block that shares a number with another is refused as a whole', () => {
  const { stock } = newTill();
  stock.addBlock(block(1, [1, 2]));
  expect(() => stock.addBlock(block(2, [3, 2]))).toThrow('UNIQUE');
  expect([stock.countFree(), stock.lastBlockId()]).toEqual([2, 1]);
});

test('a setting is kept, replaced and removed, and one that does not fit its schema is a fault', () => {
  const { settings } = newTill();
  const schema = z.object({ port: z.string() });
  expect(settings.get('scanner', schema)).toBe(undefined);
  settings.set('scanner', { port: 'a' });
  settings.set('scanner', { port: 'b' });
  expect(settings.get('scanner', schema)).toEqual({ port: 'b' });
  expect(() => settings.get('scanner', z.string())).toThrow('expected string');
  settings.remove('scanner');
  expect(settings.get('scanner', schema)).toBe(undefined);
  settings.set('nothing', null);
  expect(settings.get('nothing', z.null())).toBe(null);
});

test('a backup is a whole file under the same key, made beside the one in use', () => {
  const folder = tempFolder();
  const path = join(folder, 'till.db');
  const till = closing(openTill({ path, keyHex: KEY }));
  const next = opChain();
  till.transaction(() => till.ops.append(next(stamp(1)), []));
  const target = join(folder, 'copy.db');
  expect(backUpTill({ path, keyHex: KEY, target })).toBe(1);
  till.transaction(() => till.ops.append(next(stamp(1)), []));
  expect(backUpTill({ path, keyHex: KEY, target })).toBe(2);
  expect(() => openTill({ path: target, keyHex: OTHER_KEY })).toThrow('key_wrong');
  const copy = closing(openTill({ path: target, keyHex: KEY }));
  expect([copy.ops.counts().total, copy.check()]).toEqual([2, []]);
});

test('a damaged file is never copied over a sound backup', () => {
  const folder = tempFolder();
  const path = join(folder, 'till.db');
  const till = openTill({ path, keyHex: KEY });
  till.settings.set('large', 'x'.repeat(40_000));
  till.close();
  const target = join(folder, 'copy.db');
  backUpTill({ path, keyHex: KEY, target });
  const sound = readFileSync(target);
  const bytes = readFileSync(path);
  bytes.fill(0xa5, bytes.length - 4096);
  writeFileSync(path, bytes);
  expect(() => backUpTill({ path, keyHex: KEY, target })).toThrow(
    expect.objectContaining({ name: 'DbError', code: 'damaged' }),
  );
  expect(readFileSync(target).equals(sound)).toBe(true);
});

test('a copy that the disk wrote wrongly is no damage of the original, and nothing of it is left', () => {
  const folder = tempFolder();
  const path = join(folder, 'till.db');
  const till = closing(openTill({ path, keyHex: KEY }));
  till.settings.set('large', 'x'.repeat(40_000));
  const before = readdirSync(folder);
  const onBadDisk = (at: (length: number) => number): typeof copyInto => {
    return (raw, target) => {
      copyInto(raw, target);
      const bytes = readFileSync(target);
      bytes.fill(0xa5, at(bytes.length), at(bytes.length) + 4096);
      writeFileSync(target, bytes);
    };
  };
  for (const copy of [onBadDisk(() => 0), onBadDisk((length) => length - 4096)]) {
    expect(() => backUpTill({ path, keyHex: KEY, target: join(folder, 'copy.db') }, copy)).toThrow(
      expect.objectContaining({ name: 'DbError', code: 'io' }),
    );
    expect(readdirSync(folder)).toEqual(before);
  }
});

test('a till says which settings it keeps', () => {
  const { settings } = newTill();
  settings.set('one', 1);
  settings.set('other', 2);
  settings.remove('one');
  expect(settings.keys()).toEqual(['other']);
});
