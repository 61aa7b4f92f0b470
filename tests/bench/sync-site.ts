import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCentreClient } from '../../electron/core/centre-client.ts';
import type { CardTypeId } from '../../sync/base/ids.ts';
import type { EnrolReply } from '../../sync/protocol/exchange.ts';
import { bundleCentre, startCentreChild, type CentreChild } from '../parts/centre.ts';
import { projectFolder, startPostgres } from '../parts/postgres.ts';
import { openTestCentre, type TestCentre } from '../unit/crm/test-centre.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { BenchTill } from './bench-till.ts';
import { fillPage } from './feed-site.ts';

const PAGE_MEMBERS = 5_000;
/** Of the chain as it is set up: the centre books stamps by a rule that it knows. */
const STAMP_CARD = 'stamp' as CardTypeId;

/** A CRM in a process of its own, on a real PostgreSQL, with a chain of `members`. */
export interface SyncSite {
  url: string;
  databaseUrl: string;
  members: number;
  centre: CentreChild;
  /** The same database behind another CRM, in this process: for what only prepares. */
  beside: TestCentre;
  enrol(): Promise<BenchTill>;
  /** What a till that is enrolled was told, and its key. */
  admit(): Promise<{ enrolled: EnrolReply; secretKey: string }>;
  end(): Promise<void>;
}

/** Fills a database, then starts the CRM as a shop has it. */
export async function startSyncSite(members: number): Promise<SyncSite> {
  const postgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase();
  const filling = await openTestCentre({ url: databaseUrl });
  for (let first = 0; first < members; first += PAGE_MEMBERS) {
    const count = Math.min(PAGE_MEMBERS, members - first);
    await filling.centre.database.transaction((tx) => fillPage(tx, { first, count, rule: STAMP_CARD }));
  }
  await filling.centre.database.sql.query('vacuum analyze');
  const { app } = filling;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
  const bundle = await bundleCentre(join(projectFolder, 'out', 'bench-crm'));
  const centre = await startCentreChild(bundle, { folder, databaseUrl });
  const { port } = app.server.address() as AddressInfo;
  const post = overHttp(`http://127.0.0.1:${port}`);
  const admit = (): Promise<TestTill> => TestTill.enrol(post);
  const enrol = async (): Promise<BenchTill> => {
    const { enrolled, secretKey } = await admit();
    const { token } = enrolled;
    const client = createCentreClient({ serverUrl: centre.url, token, secretKey });
    const { blockId, numbers } = enrolled.cardBlock;
    return new BenchTill(client, { ...enrolled, blockId, cardStock: numbers.length });
  };
  const end = async (): Promise<void> => {
    await centre.stop();
    await filling.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: centre.url, databaseUrl, members, centre, beside: filling, enrol, admit, end };
}
