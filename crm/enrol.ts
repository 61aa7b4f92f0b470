import type { TillId } from '../sync/base/ids.ts';
import { isPinRight } from '../sync/base/pin.ts';
import { isAtLeast } from '../sync/merge/roles.ts';
import type { Staff, StaffRole, Store } from '../sync/model/chain.ts';
import { CHAIN_START } from '../sync/model/op.ts';
import type {
  EnrolCodeReply,
  EnrolCodeRequest,
  EnrolReply,
  EnrolRequest,
  NodeKind,
} from '../sync/protocol/exchange.ts';
import { addressKey } from '../sync/base/address-key.ts';
import type { Centre } from './centre.ts';
import type { Sql } from './database.ts';
import { findCentreKeys } from './keys.ts';
import { BusyRefusal, CentreRefusal, notSetUp } from './refusal.ts';
import { freezeBlocks, grantBlock } from './repos/card-blocks.ts';
import { findChain, findStaffByLogin, listDocuments } from './repos/documents.ts';
import { insertCode, lockCode, markCodeUsed } from './repos/enrol-codes.ts';
import { lockHead, readHead } from './repos/feed-head.ts';
import { insertIncarnation, turnIncarnation } from './repos/incarnations.ts';
import { insertTill, lockTill, saveToken, type TillRow } from './repos/tills.ts';

const CODE_LIFE_MS = 10 * 60_000;
/** How far a till may be beyond what a restored centre knows of it: numbers must not run out. */
const INCARNATIONS_AHEAD_MAX = 1_000;
/** Five bits a sign, without those that look alike. */
const CODE_SIGNS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CODE_LENGTH = 10;
/** Takes as long as a real one, so that an unknown login is not told from a wrong PIN. */
const NOBODYS_HASH = 'scrypt$16384$8$1$bm9ib2R5bm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

function newCode(randomHex: string): string {
  let code = '';
  for (let at = 0; at < CODE_LENGTH; at += 1) {
    code += CODE_SIGNS.charAt(Number.parseInt(randomHex.slice(at * 2, at * 2 + 2), 16) % CODE_SIGNS.length);
  }
  return `${code.slice(0, 5)}-${code.slice(5)}`;
}

/** What people type: any case, with or without dash and spaces. */
const codeHash = (centre: Centre, code: string): string =>
  centre.crypto.sha256Hex(`enrol-code ${code.toUpperCase().replace(/[^0-9A-Z]/g, '')}`);

/** Hash of a till's bearer secret, as the centre keeps it. */
export const tokenHash = (centre: Pick<Centre, 'crypto'>, token: string): string =>
  centre.crypto.sha256Hex(`till-token ${token}`);

type Credentials = Pick<EnrolCodeRequest, 'login' | 'pin'>;

/** The manager with this login and PIN. @throws CentreRefusal Also when there were too many wrong ones. */
export const signInManager = (centre: Centre, credentials: Credentials): Promise<Staff> =>
  signInPerson(centre, credentials, 'manager');

/** Somebody of at least that role, as `signInManager`. */
export async function signInPerson(
  centre: Centre,
  { login, pin }: Credentials,
  least: StaffRole,
): Promise<Staff> {
  const key = login.toLowerCase();
  if (!centre.pinAttempts.begin(key, centre.clock.nowMs())) {
    throw new BusyRefusal(
      { status: 429, retryAfterS: 900 },
      'Too many wrong PINs for this login. Nothing was changed. Wait 15 minutes and try again.',
    );
  }
  const staff = await findStaffByLogin(centre.database.sql, login);
  const isRight = await isPinRight(pin, staff?.pinHash ?? NOBODYS_HASH, centre.scrypt);
  if (staff === undefined || !isRight) {
    throw new CentreRefusal(
      'unauthorised',
      'Login and PIN do not fit. Nothing was changed. Check both and try again.',
    );
  }
  centre.pinAttempts.succeed(key);
  if (!isAtLeast(staff.role, least)) {
    throw new CentreRefusal(
      'unauthorised',
      `Only a ${least} can do this. Nothing was changed. Ask a ${least}.`,
      403,
    );
  }
  return staff;
}

const isOpen = ({ isRetired }: Store): boolean => isRetired !== true;

/** A one-time code for one till of a store, good for ten minutes. Only its hash is kept. */
export async function makeEnrolCode(centre: Centre, request: EnrolCodeRequest): Promise<EnrolCodeReply> {
  const { sql } = centre.database;
  if ((await findChain(sql)) === null) throw notSetUp();
  const manager = await signInManager(centre, request);
  const stores = await listDocuments(sql, 'store');
  const open = stores.filter(isOpen);
  // A till of a closed shop may still have work to send, and comes back by a code of its own shop.
  const store =
    request.storeId === null ? open[0] : stores.find(({ storeId }) => storeId === request.storeId);
  if (store === undefined) {
    const known = open.map(({ storeId }) => storeId).join(', ');
    throw new CentreRefusal('bad_request', `There is no such store. Nothing was changed. Stores: ${known}.`);
  }
  const code = newCode(centre.crypto.randomHex(CODE_LENGTH));
  const expiresAtMs = centre.clock.nowMs() + CODE_LIFE_MS;
  await insertCode(sql, codeHash(centre, code), {
    storeId: store.storeId,
    kind: request.kind ?? 'till',
    madeBy: manager.staffId,
    expiresAtMs,
  });
  return { code, storeId: store.storeId, expiresAtMs };
}

/** @returns The store that it is for. */
async function takeCode(
  tx: Sql,
  hash: string,
  { nowMs, kind }: { nowMs: number; kind: NodeKind },
): Promise<string> {
  const code = await lockCode(tx, hash);
  if (code === undefined || code.usedBy !== null || code.expiresAtMs < nowMs) {
    throw new CentreRefusal(
      'code_unknown',
      'This code is unknown, used or older than ten minutes. Nothing was changed. Ask a manager ' +
        'for a new one.',
    );
  }
  if (code.kind !== kind) {
    throw new CentreRefusal(
      'code_unknown',
      code.kind === 'office'
        ? 'This code lets in an office, not a till. Nothing was changed. Ask a manager for one for a till.'
        : 'This code lets in a till, not an office. Nothing was changed. Ask a manager for one for an office.',
    );
  }
  return code.storeId;
}

/** Who asks, for the count of wrong codes, and what the request was signed with. */
export interface Asker {
  address: string;
  isSignedBy(till: TillRow): boolean;
}

interface Entering {
  request: EnrolRequest;
  asker: Asker;
  storeId: string;
  tokenHash: string;
  nowMs: number;
}

async function addTill(tx: Sql, centre: Centre, entering: Entering): Promise<TillRow> {
  const { request, storeId, nowMs } = entering;
  const store = (await listDocuments(tx, 'store')).find((each) => each.storeId === storeId);
  if (store !== undefined && !isOpen(store)) {
    throw new CentreRefusal(
      'bad_request',
      'This code is for a shop that is closed for good. Nothing was changed. Only a till that was there comes back by it.',
    );
  }
  const till: TillRow = {
    tillId: `till-${centre.crypto.randomHex(6)}` as TillId,
    name: request.tillName === '' ? 'Till' : request.tillName,
    storeId,
    kind: request.kind ?? 'till',
    incarnation: 1,
    hiTseq: 0,
    headHash: CHAIN_START,
    state: 'live',
    lastBlockId: 0,
    signKey: request.signKey,
    fence: '',
    opSchema: '',
    createdAtMs: nowMs,
    lastContactAtMs: nowMs,
  };
  await insertTill(tx, till, entering.tokenHash);
  await insertIncarnation(tx, { ...till, requestId: null, nowMs });
  return till;
}

/**
 * The same till under its next incarnation, live again. Its key stays; the new secret shuts out any other
 * copy of it.
 */
async function renewTill(
  tx: Sql,
  renews: NonNullable<EnrolRequest['renews']>,
  { asker, storeId, tokenHash: hash, nowMs }: Entering,
): Promise<TillRow> {
  await lockHead(tx);
  const till = await lockTill(tx, renews.tillId);
  if (till === undefined || !asker.isSignedBy(till)) {
    throw new CentreRefusal(
      'bad_signature',
      'The centre does not know this till by its key. Nothing was changed; its work stays with it.',
    );
  }
  if (till.storeId !== storeId) {
    throw new CentreRefusal(
      'bad_request',
      'This code is for another store. Nothing was changed. Ask a manager for one for the till’s own store.',
    );
  }
  if (renews.incarnation > till.incarnation + INCARNATIONS_AHEAD_MAX)
    throw new CentreRefusal('bad_request', 'No till has begun anew so often. Nothing was changed.');
  await freezeBlocks(tx, till.tillId);
  await saveToken(tx, till.tillId, hash);
  // The till may have been beyond what a restored centre knows.
  const after = Math.max(till.incarnation, renews.incarnation);
  return turnIncarnation(tx, till, { requestId: null, nowMs, after });
}

function assertNotGuessing(centre: Centre, address: string, nowMs: number): void {
  if (centre.addressAttempts.begin(addressKey(address), nowMs) && centre.codeAttempts.begin('all', nowMs))
    return;
  throw new BusyRefusal(
    { status: 429, retryAfterS: 900 },
    'Too many wrong codes. Nothing was changed. Wait 15 minutes and try again.',
  );
}

/**
 * A till for a code: its id, its secret, its first card numbers. New, or one that was stopped and goes on
 * under its next incarnation. Two tills can not use one code.
 */
export async function enrolTill(centre: Centre, request: EnrolRequest, asker: Asker): Promise<EnrolReply> {
  const nowMs = centre.clock.nowMs();
  assertNotGuessing(centre, asker.address, nowMs);
  const hash = codeHash(centre, request.code);
  const token = centre.crypto.randomHex(32);
  const reply = await centre.database.transaction(async (tx): Promise<EnrolReply> => {
    const chain = await findChain(tx);
    if (chain === null) throw notSetUp();
    const storeId = await takeCode(tx, hash, { nowMs, kind: request.kind ?? 'till' });
    const entering: Entering = { request, asker, storeId, tokenHash: tokenHash(centre, token), nowMs };
    const till =
      request.renews === null
        ? await addTill(tx, centre, entering)
        : await renewTill(tx, request.renews, entering);
    const { tillId, incarnation, name: tillName } = till;
    await markCodeUsed(tx, hash, tillId);
    const cardBlock = await grantBlock(tx, centre.crypto, { ...till, cardPrefix: chain.cardPrefix, nowMs });
    const { epoch } = await readHead(tx);
    const centreKeys = await findCentreKeys(tx);
    const as = till.kind === 'office' ? { kind: till.kind } : {};
    return { tillId, incarnation, token, storeId, tillName, epoch, chain, cardBlock, centreKeys, ...as };
  });
  centre.codeAttempts.succeed('all');
  centre.addressAttempts.succeed(addressKey(asker.address));
  return reply;
}
