import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBlock, freezeBlocks, grantBlock } from '../../crm/repos/card-blocks.ts';
import { readFeed } from '../../crm/repos/feed.ts';
import { findBegun, insertIncarnation, turnIncarnation } from '../../crm/repos/incarnations.ts';
import { listReleases } from '../../crm/repos/ops.ts';
import { findFence, findTillByToken, insertTill } from '../../crm/repos/tills.ts';
import { sqlStore } from '../../crm/sql-store.ts';
import { MemoryCentre } from '../parts/memory-centre.ts';
import * as memoryBlocks from '../parts/memory-repos/card-blocks.ts';
import * as memoryFeed from '../parts/memory-repos/feed.ts';
import * as memoryIncarnations from '../parts/memory-repos/incarnations.ts';
import * as memoryOps from '../parts/memory-repos/ops.ts';
import * as memoryTills from '../parts/memory-repos/tills.ts';
import { sqlStore as memoryStore } from '../parts/memory-store.ts';
import { testCrypto } from '../parts/node-crypto.ts';
import { startPostgres } from '../parts/postgres.ts';
import { shopDocuments } from '../parts/shop.ts';
import { openTestCentre } from '../unit/crm/test-centre.ts';
import { centreStoreContract, TILL, TOKEN_HASH, type CentreStorage } from './centre-store.ts';

const FIRST = { tillId: TILL.tillId, incarnation: 1, requestId: null, nowMs: 1 };

async function onSql(options: { url?: string; folder?: string }): Promise<CentreStorage> {
  const { centre, close } = await openTestCentre(options);
  const { database } = centre;
  await insertTill(database.sql, TILL, TOKEN_HASH);
  await insertIncarnation(database.sql, FIRST);
  return {
    database,
    storeOf: (tx) => sqlStore(tx, testCrypto, []),
    repos: {
      ...{ readFeed, listReleases, findBlock, grantBlock, freezeBlocks, findTillByToken, findFence },
      ...{ findBegun, turnIncarnation },
    },
    close,
  };
}

async function onPostgres(): Promise<CentreStorage> {
  const postgres = await startPostgres();
  const storage = await onSql({ url: await postgres.createDatabase() });
  const close = async (): Promise<void> => {
    await storage.close();
    await postgres.stop();
  };
  return { ...storage, close };
}

async function onPglite(): Promise<CentreStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-store-'));
  const storage = await onSql({ folder });
  const close = async (): Promise<void> => {
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...storage, close };
}

async function inMemory(): Promise<CentreStorage> {
  const documents = await shopDocuments();
  const centre = new MemoryCentre({
    ...{ epoch: 'e', seq: documents.length, nextAccountNo: 1, nextCardSerial: 0, nextBlockId: 1 },
    cardKey: 'key',
  });
  for (const document of documents) centre.tables.documents.set(`${document.kind} ${document.id}`, document);
  const database = centre.databaseFor({ pause: () => Promise.resolve() });
  await memoryTills.insertTill(database.sql, TILL, TOKEN_HASH);
  await memoryIncarnations.insertIncarnation(database.sql, FIRST);
  return {
    database,
    storeOf: (tx) => memoryStore(tx, testCrypto),
    repos: { ...memoryBlocks, ...memoryFeed, ...memoryIncarnations, ...memoryOps, ...memoryTills },
    close: () => Promise.resolve(),
  };
}

centreStoreContract('on PostgreSQL', onPostgres);
centreStoreContract('on PGlite', onPglite);
centreStoreContract('in memory', inMemory);
