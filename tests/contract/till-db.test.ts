import { join } from 'node:path';
import { openTill } from '../../db/till/open.ts';
import { createMemoryTill, type MemoryTill } from '../parts/memory-till.ts';
import { closing, KEY, tempFolder } from '../unit/db/files.ts';
import { tillDbContract, type TillFile } from './till-db.ts';

function onSqlite(path = join(tempFolder(), 'till.db')): TillFile {
  const till = closing(openTill({ path, keyHex: KEY }));
  const reopen = (): TillFile => {
    till.close();
    return onSqlite(path);
  };
  return { till, reopen };
}

function inMemory(till: MemoryTill = createMemoryTill()): TillFile {
  const reopen = (): TillFile => {
    till.file.losePower(0);
    return inMemory(till.copy());
  };
  return { till, reopen };
}

tillDbContract('on SQLite', onSqlite);
tillDbContract('in memory', inMemory);
