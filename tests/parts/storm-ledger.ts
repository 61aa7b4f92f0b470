import { openDatabase, rowsOf, type Database } from '../../crm/database.ts';
import { nodeCrypto } from '../../crm/node-crypto.ts';
import { verifyCentre } from '../../crm/routes/health.ts';
import type { CoreClient } from '../../electron/contract/index.ts';
import { newId, type CardId, type MemberId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';

/** A till under a storm: what it pressed, and which presses were confirmed. */
export interface StormTill {
  client: CoreClient;
  confirmed: Set<OpId>;
  cardId: CardId;
}

/** Gives a new member a stamp card at this till, signed in already. */
export async function addStampMember(
  client: CoreClient,
  lastName: string,
): Promise<{ memberId: MemberId; cardId: CardId }> {
  const { cardTypes } = await client['till.get']({});
  const type = must(
    cardTypes.find(({ kind }) => kind === 'stamp'),
    'the chain stamps',
  );
  const { member, cardId } = await client['members.add']({
    opId: newId<OpId>(),
    draft: { lastName },
    cardTypeId: type.cardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  return { memberId: member.memberId, cardId: must(cardId, 'enrolled with a card') };
}

export const addStampCard = async (client: CoreClient, lastName: string): Promise<CardId> =>
  (await addStampMember(client, lastName)).cardId;

/** What the centre and every till hold at the end, and what they hold when each press is in there once. */
export async function auditSite(
  databaseUrl: string,
  tills: readonly StormTill[],
): Promise<{ found: object; sound: object }> {
  const all = tills.flatMap(({ confirmed }) => [...confirmed]);
  const centre = await auditCentre(databaseUrl, all);
  const stateHash = String(centre.stateHash);
  const held: object[] = [];
  for (const till of tills) {
    await syncUntilDone(till);
    const verified = await till.client['till.verify']({});
    held.push({ problems: verified.problems, stateHash: verified.stateHash });
  }
  const sound = {
    centre: soundAudit(all.length, stateHash),
    tills: tills.map(() => ({ problems: [], stateHash })),
  };
  return { found: { centre, tills: held }, sound };
}

export async function stamp({ client, confirmed, cardId }: StormTill): Promise<void> {
  const opId = newId<OpId>();
  await client['stamps.add']({ opId, cardId, count: 1 });
  confirmed.add(opId);
}

/** Syncs until nothing is left; a line that faults is asked again. */
export async function syncUntilDone({ client }: Pick<StormTill, 'client'>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      const { outstanding } = await client['sync.run']({});
      if (outstanding === 0) return;
    } catch (cause) {
      if (tries >= 200) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const COUNTS = `select
  (select count(*) from ops where op_id = any($1::uuid[]) and held_reason is null)::int as applied,
  (select count(distinct op_id) from ops where op_id = any($1::uuid[]))::int as different,
  (select count(*) from ops where held_reason is not null)::int as held,
  (select count(*) from stray_ops)::int as strays,
  (select count(*) from tills where state <> 'live')::int as stopped,
  (select count(*) from entries where op_id = any($1::uuid[]))::int as entries,
  (select count(*) from entries)::int as "allEntries",
  (select coalesce(sum(delta), 0) from entries)::int as units,
  (select coalesce(sum(balance), 0) from accounts)::int as balances,
  (select count(*) from (select till_id, incarnation from ops group by till_id, incarnation
    having max(tseq) <> count(*) or min(tseq) <> 1) as holes)::int as holes`;

/** What the centre's database says about the ops `ids`, each of one stamp. */
export async function auditCentre(databaseUrl: string, ids: readonly OpId[]) {
  const database: Database = await openDatabase({
    url: databaseUrl,
    folder: '',
    onError: () => undefined,
    onDeath: () => undefined,
  });
  try {
    const [counts] = await rowsOf<Record<string, number>>(database.sql, COUNTS, [ids]);
    const { stateHash, problems } = await verifyCentre({ database, crypto: nodeCrypto });
    return { ...must(counts, 'one row'), stateHash, problems };
  } finally {
    await database.close();
  }
}

/** The audit of a centre that has each of `stamps` ops once and nothing else. */
export const soundAudit = (stamps: number, stateHash: string) => ({
  ...{ applied: stamps, different: stamps, held: 0, strays: 0, stopped: 0 },
  ...{ entries: stamps, allEntries: stamps, units: stamps, balances: stamps, holes: 0 },
  ...{ stateHash, problems: [] },
});
