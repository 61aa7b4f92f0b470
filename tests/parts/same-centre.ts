import { signingPublicKey, nodeCrypto } from '../../crm/node-crypto.ts';
import { findBlock, grantBlock } from '../../crm/repos/card-blocks.ts';
import { insertCode } from '../../crm/repos/enrol-codes.ts';
import { insertIncarnation } from '../../crm/repos/incarnations.ts';
import { insertTill } from '../../crm/repos/tills.ts';
import type { TillId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import type { EnrolReply } from '../../sync/protocol/exchange.ts';
import { openTestCentre, type TestCentre } from '../unit/crm/test-centre.ts';
import type { PostgresPart } from './postgres.ts';

/** Who speaks in the recorded sessions. */
export const TILL = 'till-00000000aaaa' as TillId;
export const TOKEN = '0a'.repeat(32);
export const SECRET_KEY = '0b'.repeat(32);
export const CODE = 'AAAAA-22222';
const NOW_MS = Date.UTC(2026, 11, 1);

/** A centre that is always the same: its epoch, its card numbers, one till, one code. */
export async function openSameCentre(
  postgres: PostgresPart,
): Promise<{ open: TestCentre; enrolled: EnrolReply }> {
  const open = await openTestCentre({ url: await postgres.createDatabase(), clock: { nowMs: () => NOW_MS } });
  const { sql } = open.centre.database;
  await sql.query("update feed_head set epoch = 'recorded', card_key = '0123456789abcdef'");
  const grant = { tillId: TILL, incarnation: 1, cardPrefix: '603555', nowMs: NOW_MS };
  const till = { ...grant, name: 'Till', storeId: 'store-1', hiTseq: 0, headHash: CHAIN_START };
  const rest = { state: 'live' as const, lastBlockId: 0, fence: '', opSchema: '' };
  const times = { createdAtMs: NOW_MS, lastContactAtMs: NOW_MS };
  const signKey = signingPublicKey(SECRET_KEY);
  const cardBlock = await open.centre.database.transaction(async (tx) => {
    const hash = nodeCrypto.sha256Hex(`till-token ${TOKEN}`);
    await insertTill(tx, { ...till, ...rest, ...times, signKey }, hash);
    await insertIncarnation(tx, { ...grant, requestId: null });
    await insertCode(tx, nodeCrypto.sha256Hex(`enrol-code ${CODE.replace('-', '')}`), {
      ...{ storeId: 'store-1', madeBy: 'staff-1', expiresAtMs: NOW_MS + 1 },
    });
    const { blockId } = await grantBlock(tx, nodeCrypto, grant);
    return must(await findBlock(tx, blockId), 'just granted');
  });
  // Cast: of all that an enrolment says, a test till reads these.
  const enrolled = { tillId: TILL, incarnation: 1, token: TOKEN, storeId: 'store-1', epoch: 'recorded' };
  return { open, enrolled: { ...enrolled, cardBlock } as unknown as EnrolReply };
}
