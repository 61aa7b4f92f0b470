import { newId, newSupportId, type MemberId, type StaffId, type StoreId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { isAtLeast } from '../../sync/merge/roles.ts';
import type { Staff } from '../../sync/model/chain.ts';
import { isRemoved, type NewExtras } from '../../sync/model/extras.ts';
import { EMPTY_FIELDS, type MemberFields, type MemberRow } from '../../sync/model/member.ts';
import type { OpBody } from '../../sync/model/op.ts';
import type { Centre } from '../centre.ts';
import type { Sql } from '../database.ts';
import type { Decision } from '../decide.ts';
import { gathered } from '../gathered.ts';
import { writeOwnOp } from '../inbox/centre-node.ts';
import { notSetUp } from '../refusal.ts';
import { findChain, listDocuments } from '../repos/documents.ts';
import type { KeyRow } from '../repos/integration-keys.ts';
import { findRequest, insertRequest } from '../repos/integration-requests.ts';
import { sqlStore } from '../sql-store.ts';
import { openUnit, saveUnit, type Unit } from '../unit.ts';
import { keysOf } from '../working-set.ts';
import { problemWith, readCustom, readFields, valuesRefused } from './fields.ts';
import { ApiRefusal } from './refusal.ts';
import type { MemberPatch, MemberSaved, NewMemberRequest } from './shapes.ts';
import { readWordChanges } from './words.ts';

/** One request that writes; `requestKey` tells it from every other of its key. */
export interface WriteRequest {
  key: KeyRow;
  requestKey: string;
  /** Of method, address and body. */
  requestHash: string;
}

interface Writing {
  unit: Unit;
  centre: Centre;
  tx: Sql;
  actorId: StaffId;
}

function assertNotTaken({ flags }: Decision): void {
  const taken = [
    ...(flags.some((flag) => flag === 'shared_mobile') ? ['mobile'] : []),
    ...(flags.some((flag) => flag === 'shared_lookup_id') ? ['lookupId'] : []),
  ];
  if (taken.length === 0) return;
  const problems = taken.map((field) => problemWith(field, 'taken'));
  throw new ApiRefusal('values_taken', 'Another member has this. Nothing was changed; see fields.', problems);
}

const isManager = (staff: Staff | undefined): boolean =>
  staff !== undefined && !staff.isGone && isAtLeast(staff.role, 'manager');

/** The op goes through the same rules as a till's; whatever does not fit leaves no trace. */
async function write({ unit, centre, actorId }: Writing, body: OpBody): Promise<void> {
  const decision = await writeOwnOp(unit, centre.crypto, { body, actorId });
  if (!isManager(unit.around.staff.get(actorId))) {
    const message = 'The manager who made this key is none any more. Nothing was changed. Ask for a new key.';
    throw new ApiRefusal('not_allowed', message);
  }
  if (decision.held === 'unknown_target') throw unknownMember();
  if (decision.held !== null)
    throw new ApiRefusal('bad_request', `This can not be applied (${decision.held}). Nothing was changed.`);
  assertNotTaken(decision);
}

const unknownMember = (): ApiRefusal =>
  new ApiRefusal('not_found', 'There is no such member. Nothing was changed.');

/**
 * Does `work` once for each request key: the same request again is told what the first one did. So whatever can be
 * refused another day, as a group that is retired meanwhile, is read in `work`.
 */
async function writeOnce(
  centre: Centre,
  { key, requestKey, requestHash }: WriteRequest,
  work: (writing: Writing) => Promise<MemberId>,
): Promise<MemberSaved> {
  const { database, crypto, clock } = centre;
  return database.transaction(async (tx) => {
    const store = sqlStore(gathered(tx), crypto, null);
    const nowMs = clock.nowMs();
    // Takes the head's lock: the same request twice at once waits here for itself.
    const unit = await openUnit(store, nowMs);
    const done = await findRequest(tx, { keyId: key.keyId, requestKey });
    if (done !== undefined) {
      if (done.requestHash === requestHash) return { memberId: done.memberId, version: done.version };
      const message =
        'This Idempotency-Key was used for another request. Nothing was changed. Make a new one.';
      throw new ApiRefusal('request_key_reused', message);
    }
    const memberId = await work({ unit, centre, tx, actorId: key.madeBy as StaffId });
    const version = must(unit.around.rows.member(memberId), 'its op was applied').seq;
    await saveUnit(unit);
    await insertRequest(tx, { keyId: key.keyId, requestKey, requestHash, memberId, version }, nowMs);
    return { memberId, version };
  });
}

async function readChain({ database }: Centre): Promise<{ country: string }> {
  const chain = await findChain(database.sql);
  if (chain === null) throw notSetUp();
  return chain;
}

async function findStore({ database }: Centre, storeId: string | undefined): Promise<StoreId> {
  const stores = await listDocuments(database.sql, 'store');
  const store = storeId === undefined ? stores[0] : stores.find((each) => each.storeId === storeId);
  if (store === undefined) throw valuesRefused([problemWith('storeId', 'unknown')]);
  return store.storeId;
}

/** What hangs on a new member beside her profile; null for nothing. */
async function readNewExtras(
  tx: Sql,
  { custom: typed, tags, groups }: NewMemberRequest,
): Promise<NewExtras | null> {
  const custom = readCustom(typed, await listDocuments(tx, 'attribute'));
  const asked = { tags: { add: tags, remove: [] }, groups: { add: groups, remove: [] } };
  await readWordChanges(tx, asked);
  const values = Object.entries(custom).filter((pair): pair is [string, string] => pair[1] !== null);
  const inOrder = (words: readonly string[]): string[] => [...new Set(words)].sort();
  const given = {
    ...(tags.length > 0 && { tags: inOrder(tags) }),
    ...(groups.length > 0 && { groups: inOrder(groups) }),
    ...(values.length > 0 && { custom: Object.fromEntries(values) }),
  };
  return Object.keys(given).length === 0 ? null : given;
}

/** Changes of what hangs on a member beside her profile; those that say nothing are left out. */
async function readExtraChanges(tx: Sql, patch: MemberPatch) {
  const custom = readCustom(patch.custom, await listDocuments(tx, 'attribute'));
  const words = await readWordChanges(tx, patch);
  return { ...words, ...(Object.keys(custom).length > 0 && { custom }) };
}

/** A new member, written by the centre in the name of the manager who made the key. */
export async function createMember(
  centre: Centre,
  request: WriteRequest,
  asked: NewMemberRequest,
): Promise<MemberSaved> {
  const { country } = await readChain(centre);
  const supportId = newSupportId(centre.crypto.randomHex(8));
  const fields: MemberFields = { ...EMPTY_FIELDS, lookupId: supportId, ...readFields(asked.fields, country) };
  if (`${fields.lastName}${fields.firstName}` === '')
    throw valuesRefused([problemWith('lastName', 'required')]);
  const storeId = await findStore(centre, asked.storeId);
  const { isGranted: hasMarketingConsent, policyVersion: pdpaPolicy } = asked.consent;
  return writeOnce(centre, request, async (writing) => {
    const extras = await readNewExtras(writing.tx, asked);
    const memberId = newId<MemberId>();
    const person = { memberId, supportId, storeId, fields, pdpaPolicy, hasMarketingConsent, card: null };
    await write(writing, { kind: 'member.created', ...person, ...(extras !== null && { extras }) });
    return memberId;
  });
}

/** The member as it stands, if an edit is still welcome. */
function getEditable({ unit }: Writing, memberId: MemberId, ifVersion: number | null): MemberRow {
  const row = unit.around.rows.member(memberId);
  if (row === undefined) throw unknownMember();
  if (row.state === 'anonymised')
    throw new ApiRefusal(
      'member_closed',
      'This member was anonymised. Nothing was changed; delete your copy.',
    );
  if (isRemoved(row))
    throw new ApiRefusal('member_closed', 'This member was removed. Nothing was changed. Ask a manager.');
  if (row.mergedIntoId !== null)
    throw new ApiRefusal('member_closed', `This member goes on as ${row.mergedIntoId}. Nothing was changed.`);
  if (ifVersion !== null && ifVersion !== row.seq) {
    const message = 'The member was changed meanwhile. Nothing was changed. Read it again, then decide.';
    throw new ApiRefusal('version_changed', message);
  }
  return row;
}

/**
 * Changes the named fields and nothing else. A till that changed one of them apart from this meets it field by field,
 * and the value that lost is in the inbox.
 *
 * @param ifVersion The version that the caller has seen; null: whatever is there.
 */
export async function patchMember(
  centre: Centre,
  request: WriteRequest,
  { memberId, patch, ifVersion }: { memberId: MemberId; patch: MemberPatch; ifVersion: number | null },
): Promise<MemberSaved> {
  const { country } = await readChain(centre);
  const fields = readFields(patch.fields, country);
  const { consent } = patch;
  return writeOnce(centre, request, async (writing) => {
    const extras = await readExtraChanges(writing.tx, patch);
    if (Object.keys({ ...fields, ...extras }).length === 0 && consent === undefined)
      throw new ApiRefusal('bad_request', 'The request names nothing to change. Nothing was changed.');
    const { rows } = writing.unit.around;
    rows.add(await writing.unit.store.loadRows({ ...keysOf([]), members: [memberId] }));
    const row = getEditable(writing, memberId, ifVersion);
    if (`${fields.lastName ?? row.lastName}${fields.firstName ?? row.firstName}` === '')
      throw valuesRefused([problemWith('lastName', 'required')]);
    if (Object.keys(fields).length > 0) await write(writing, { kind: 'member.changed', memberId, fields });
    if (Object.keys(extras).length > 0) await write(writing, { kind: 'member.extras', memberId, ...extras });
    if (consent !== undefined) {
      const { isGranted, policyVersion } = consent;
      const word = { purpose: 'marketing' as const, isGranted, policyVersion, channel: 'centre' as const };
      await write(writing, { kind: 'consent.recorded', memberId, ...word });
    }
    return memberId;
  });
}
