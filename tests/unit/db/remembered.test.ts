import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openReplica } from '../../../db/replica/open.ts';
import { openTill } from '../../../db/till/open.ts';
import { closing, KEY, tempFolder } from './files.ts';
import { rows } from './samples.ts';

const Word = z.string();

test('a value that was kept in memory follows what is written, and what is taken back', () => {
  const { settings, transaction } = closing(openTill({ path: join(tempFolder(), 'till.db'), keyHex: KEY }));
  const seen: (string | undefined)[] = [];
  const look = () => void seen.push(settings.get('word', Word));
  look();
  settings.set('word', 'one');
  look();
  const takenBack = () =>
    transaction(() => {
      settings.set('word', 'two');
      look();
      throw new Error('taken back');
    });
  expect(takenBack).toThrow('taken back');
  look();
  settings.remove('word');
  look();
  expect(seen).toEqual([undefined, 'one', 'two', 'one', undefined]);
});

test('how far a copy reaches is right after every write, also after one that failed', () => {
  const replica = closing(openReplica({ path: join(tempFolder(), 'replica.db'), keyHex: KEY }));
  const reach = () => ({ ...replica.meta(), writes: replica.writes() });
  expect(reach()).toEqual({ epoch: '', cursor: 0, settled: 0, writes: 0 });
  replica.apply(rows({}), { epoch: 'e1', cursor: 7, isSettled: true });
  expect(reach()).toEqual({ epoch: 'e1', cursor: 7, settled: 7, writes: 1 });
  expect(() => replica.apply(rows({}), { epoch: 'e2', cursor: 9, isSettled: true })).toThrow('another epoch');
  expect(reach()).toEqual({ epoch: 'e1', cursor: 7, settled: 7, writes: 2 });
  replica.clear();
  expect(reach()).toEqual({ epoch: '', cursor: 0, settled: 0, writes: 3 });
});
