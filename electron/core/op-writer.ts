import type { StoredOp, TillDb } from '../../db/till/types.ts';
import { canonicalJson, type Json } from '../../sync/base/canonical.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId, OpId } from '../../sync/base/ids.ts';
import {
  CHAIN_START,
  OP_VERSION,
  OpBody,
  saltFor,
  sealOp,
  type Op,
  type OpKind,
  type SealedOp,
} from '../../sync/model/op.ts';
import { isPinReset } from '../../sync/merge/pin-reset.ts';
import { isAtLeast, roleNeeded } from '../../sync/merge/roles.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import type { MemberState } from '../../sync/model/member.ts';
import { AppError } from '../contract/errors.ts';
import type { Session } from '../contract/till.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { Directory } from './directory.ts';
import { momentOf } from './moment.ts';
import { assertBacked } from './second-person.ts';
import type { OwnSpill } from './spill.ts';
import type { TillSettings } from './till-settings.ts';

const SAVED_BEFORE = 'This was saved when it was pressed before, about who she was then. Look her up again.';

/** An intent as a command makes it: nothing of it is saved before `make` has checked every rule. */
export interface Intent {
  opId: OpId;
  session: Session;
  kind: OpKind;
  /** What the caller asked for, to tell a repeat from another act under the same id. */
  asked: Readonly<Record<string, unknown>>;
  /** The same for what `asked` can not say. May throw as the command itself would. */
  isRepeat?: (body: OpBody) => boolean;
  /** Runs inside the transaction: reads the view, refuses by throwing `AppError`, or returns the body. */
  make: () => Omit<BatchedOp, 'opId'> & {
    memberState?: MemberState;
    /** Saved right before it, in the same transaction: all of them with it, or none. */
    before?: readonly BatchedOp[];
  };
}

/** One of many ops that are saved together; its rules were checked by whoever made it. */
export interface BatchedOp {
  opId: OpId;
  body: OpBody;
  keys?: readonly string[];
  usesCardNumber?: string;
}

interface Parts {
  till: TillDb;
  directory: Directory;
  settings: TillSettings;
  crypto: Crypto;
  clock: ClockGuard;
  isUpdateNeeded: () => boolean;
  /** Hears of each op before its commit, so that a file that loses it is found out. */
  spill?: Pick<OwnSpill, 'append' | 'appendAll' | 'takeBack' | 'settle'>;
  /** After the durable commit, never before. */
  onSaved: (memberId: MemberId) => void;
  /** The same for all that one transaction saved. */
  onSavedAll: (memberIds: readonly MemberId[]) => void;
}

/** The next op of this till: dense number, rising clock, the hash of the one before. */
function toOp(parts: Parts, intent: Pick<Intent, 'opId' | 'session'>, body: OpBody): Op {
  const { till, settings, crypto } = parts;
  const enrolment = settings.enrolment();
  if (enrolment === null) throw new AppError('not_enrolled', 'This till is not set up yet. Enrol it first.');
  const last = till.ops.last();
  const tseq = (last?.tseq ?? 0) + 1;
  const { hlc, wallMs, businessDay, isTurn } = momentOf(parts);
  if (isTurn) till.ops.allowTurn(tseq);
  return {
    version: OP_VERSION,
    opId: intent.opId,
    tillId: enrolment.tillId,
    incarnation: enrolment.incarnation,
    tseq,
    hlc,
    wallMs,
    actorId: intent.session.person.staffId,
    storeId: enrolment.storeId,
    businessDay,
    kind: body.kind,
    salt: saltFor(body.kind, crypto),
    prev: last?.hash ?? CHAIN_START,
    body,
  };
}

/**
 * As the newest documents say: who left or was given another role since signing in must not act on the
 * old one. The session's own while a copy is being fetched anew and nobody is known.
 */
export function roleNow(directory: Directory, { person }: Session): StaffRole {
  const known = directory.staff(person.staffId);
  if (known?.isGone === true) {
    throw new AppError(
      'not_allowed',
      'This person does not work here any more. Nothing was saved; somebody else must sign in.',
    );
  }
  return known?.role ?? person.role;
}

/** A till whose own file lacks ops that the centre has makes no others under their numbers. @throws AppError */
export function assertMended(settings: TillSettings): void {
  if (settings.mended()?.state !== 'gap') return;
  throw new AppError(
    'till_mending',
    'This till’s own file was damaged and is being mended. Nothing was saved just now; all before it is safe. ' +
      'It goes on by itself once the centre has answered: check the line, use another till meanwhile.',
  );
}

/** Made, hashed and in the op table, nothing of it committed. */
function appendOp(parts: Parts, session: Session, { opId, body, keys, usesCardNumber }: BatchedOp): SealedOp {
  const { till, crypto } = parts;
  const sealed = sealOp(toOp(parts, { opId, session }, OpBody.parse(body)), crypto);
  till.ops.append(sealed, keys ?? []);
  // A pre-printed card, or one of another till's block, is not in this till's stock.
  if (usesCardNumber !== undefined && till.stock.isMine(usesCardNumber)) {
    till.stock.markUsed(usesCardNumber, opId);
  }
  return sealed;
}

type Made = Pick<ReturnType<Intent['make']>, 'body' | 'memberState'>;

/** @throws AppError When whoever acts, or stands by it, may not. */
function assertMay({ directory }: Parts, session: Session, made: Made): void {
  const needed = neededFor(directory, made);
  if (!isAtLeast(roleNow(directory, session), needed)) {
    throw new AppError('not_allowed', `This needs a ${needed}. Nothing was saved.`);
  }
  assertBacked(directory, session, made.body);
}

function neededFor(directory: Directory, { body, memberState }: Made): StaffRole {
  const known = body.kind === 'document.saved' ? directory.staff(body.id) : undefined;
  return isPinReset(body, known) ? 'supervisor' : roleNeeded(body, memberState, directory.isGuarded);
}

function assertSaving({ settings, isUpdateNeeded }: Pick<Parts, 'settings' | 'isUpdateNeeded'>): void {
  assertMended(settings);
  if (!isUpdateNeeded()) return;
  throw new AppError(
    'update_needed',
    'The data here is from a newer version. Update this till to go on saving.',
  );
}

interface Doubt {
  /** The op's transaction failed behind the append to the spill: its record goes, unless the op is saved after all. */
  takeBack(opId: OpId): void;
  /** See `settle` of the writer. */
  settle(): void;
}

/** What failed and may be in the spill file: as long as that is not known, nothing else is saved. */
function createDoubt({ till, spill }: Parts): Doubt {
  let inDoubt: OpId | null = null;
  const clear = (): void => {
    if (inDoubt === null) return;
    if (till.ops.find(inDoubt) === undefined) spill?.takeBack();
    inDoubt = null;
  };
  return {
    takeBack: (opId) => {
      inDoubt = opId;
      clear();
    },
    settle: () => {
      clear();
      spill?.settle();
    },
  };
}

interface Guards {
  assertWritable: () => void;
  doubt: Doubt;
}

/**
 * Saves many ops of a manager, durably, in one transaction: all of them or none. `make` runs inside of it and
 * hands each op to `add`, which passes over one that is saved already. Never awaits.
 */
type CommitAll = (session: Session, make: (add: (op: BatchedOp) => void) => void) => void;

function createBatchWriter(parts: Parts, { assertWritable, doubt }: Guards): CommitAll {
  const { till, spill } = parts;
  return (session, make) => {
    assertWritable();
    doubt.settle();
    if (roleNow(parts.directory, session) !== 'manager') {
      throw new AppError('not_allowed', 'This needs a manager. Nothing was saved.');
    }
    const made: SealedOp[] = [];
    let isSpilled = false;
    try {
      till.transaction(() => {
        make((op) => {
          if (till.ops.find(op.opId) === undefined) made.push(appendOp(parts, session, op));
        });
        spill?.appendAll(made);
        isSpilled = made.length > 0;
      });
    } catch (cause) {
      const [first] = made;
      if (isSpilled && first !== undefined) doubt.takeBack(first.op.opId);
      throw cause;
    }
    if (made.length > 0) parts.onSavedAll([...new Set(made.map(({ op }) => op.body.memberId))]);
  };
}

export function createOpWriter(parts: Parts) {
  const { till, spill } = parts;
  const doubt = createDoubt(parts);

  /** The op of an intent that was already saved. */
  const findRepeat = ({ opId, kind, asked, isRepeat }: Intent): StoredOp | undefined => {
    const known = till.ops.find(opId);
    if (known === undefined) return undefined;
    const body = known.op.body as Readonly<Record<string, unknown>>;
    // Of somebody who is erased: what was asked for is gone, and nothing is saved twice.
    if (known.commitment !== undefined && known.op.kind === kind) return known;
    const differs = Object.entries(asked).filter(
      ([key, value]) =>
        value !== undefined && canonicalJson(body[key] as Json) !== canonicalJson(value as Json),
    );
    const isOther = known.op.kind !== kind || isRepeat?.(known.op.body) === false;
    // Whom it was saved about she may have been merged with then, and is not now, or her row is still to come.
    const isOfAnother = differs.length === 1 && differs[0]?.[0] === 'memberId';
    if (isOther || (differs.length > 0 && !isOfAnother))
      throw new AppError(
        'op_id_reused',
        'This action id was already used for something else. Nothing was saved.',
      );
    if (isOfAnother) throw new AppError('saved_not_shown', SAVED_BEFORE);
    return known;
  };

  const append = (intent: Intent): StoredOp => {
    const { before = [], ...made } = intent.make();
    const { opId, session } = intent;
    for (const each of [...before, made]) assertMay(parts, session, each);
    const first = before.map((each) => appendOp(parts, session, each));
    const sealed = appendOp(parts, session, { ...made, opId });
    if (first.length === 0) spill?.append(sealed);
    else spill?.appendAll([...first, sealed]);
    return { op: sealed.op, hash: sealed.hash, ackSeq: null, heldReason: null };
  };

  /** Saved, or taken back as a whole; where that is not known, the next start finds out. */
  const save = (intent: Intent): { stored: StoredOp; isRepeat: boolean } => {
    doubt.settle();
    let isAppended = false;
    try {
      return till.transaction(() => {
        const known = findRepeat(intent);
        const stored = known ?? append(intent);
        isAppended = known === undefined;
        return { stored, isRepeat: !isAppended };
      });
    } catch (cause) {
      if (isAppended) doubt.takeBack(intent.opId);
      throw cause;
    }
  };

  const assertWritable = (): void => assertSaving(parts);

  return {
    commitAll: createBatchWriter(parts, { assertWritable, doubt }),
    /**
     * What failed to be saved before is surely not saved when this returns. Whoever is about to say "nothing was saved"
     * calls it first: the next start puts back what the spill file has.
     *
     * @throws DbError As long as that can not be made sure.
     */
    settle: doubt.settle,
    /**
     * Saves the op of an intent, durably, and returns it; a repeat returns the op that exists and saves
     * nothing. One transaction in `till.db`, which is also the outbox. Never awaits.
     *
     * @throws AppError When a rule refuses; then nothing was saved.
     */
    commit: (intent: Intent): StoredOp => {
      assertWritable();
      const { stored, isRepeat } = save(intent);
      if (!isRepeat) parts.onSaved(stored.op.body.memberId);
      return stored;
    },
  };
}
export type OpWriter = ReturnType<typeof createOpWriter>;
