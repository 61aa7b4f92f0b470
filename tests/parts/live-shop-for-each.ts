import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { must } from '../../sync/base/must.ts';
import { LiveShop } from './live-shop.ts';
import { startPostgres, type PostgresPart } from './postgres.ts';

/**
 * Before each test of the file that calls this, at its top, an open shop over an empty database of PostgreSQL.
 *
 * @param begin hands it to the test, with what is there from the start
 */
export function liveShopForEach(begin: (shop: LiveShop) => Promise<void>): void {
  let postgres: PostgresPart | undefined;
  let shop: LiveShop | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres?.stop());
  beforeEach(async () => {
    shop = new LiveShop(await must(postgres, 'it is on').createDatabase());
    await shop.open();
    await begin(shop);
  }, 60_000);
  afterEach(() => shop?.end());
}
