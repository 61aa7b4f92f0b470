import { toCardNumber } from '../../sync/base/card-number.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { must } from '../../sync/base/must.ts';
import type { Chain, Staff } from '../../sync/model/chain.ts';
import { commitmentOf, isPersonal } from '../../sync/model/op.ts';
import type { Database, Sql } from '../../crm/database.ts';
import { AUDIT_START, auditHash, type AuditLine } from '../../crm/repos/audit-log.ts';
import type { Erasure } from '../../crm/repos/erasures.ts';
import type { InboxAnswered, InboxItem } from '../../crm/repos/inbox.ts';
import type { HeldOp, NumberedOp, Settled } from '../../crm/repos/ops.ts';
import type {
  CentreStore,
  HeadPort,
  HoldPort,
  InboxPort,
  OpPort,
  RunUnit,
  StrayPort,
  TillPort,
} from '../../crm/store.ts';
import { tillOpKey, unitOf, type KeptOp, type MemoryUnit, type UnitTables } from './memory-centre.ts';
import { personOfStray, type Stray } from '../../crm/repos/strays.ts';
import { rowPort } from './memory-rows.ts';
import { WAITS_FOR_ANSWER_MS } from '../../sync/spending/holds.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Calls in turn: a step of the unit first, then the work. */
type Step = <T>(work: () => T) => Promise<T>;

const stepOf =
  (unit: MemoryUnit): Step =>
  async (work) => {
    await unit.step();
    return work();
  };

function headPort(unit: MemoryUnit, step: Step, crypto: Crypto): HeadPort {
  const { tables } = unit;
  const spareNumbers: HeadPort['takeSpareNumbers'] = (head, count) =>
    step(() => {
      const chain = tables.documents.get('chain chain')?.body as Chain | undefined;
      const spare: string[] = [];
      while (chain !== undefined && spare.length < count) {
        const key = { key: head.cardKey, prefix: chain.cardPrefix };
        const number = toCardNumber(crypto, key, head.nextCardSerial++);
        if (!tables.cardNumbers.has(number)) spare.push(number);
      }
      return spare;
    });
  return {
    lockHead: async () => {
      await unit.step();
      await unit.lock();
      return { ...must(tables.head.get('head'), 'the centre has its head') };
    },
    saveHead: (head) =>
      step(() => {
        const { epoch } = must(tables.head.get('head'), 'the centre has its head');
        tables.head.set('head', { ...head, epoch });
      }),
    takeSpareNumbers: spareNumbers,
  };
}

function tillPort(tables: UnitTables, step: Step): TillPort {
  return {
    listTills: (ids) => step(() => tables.tills.found(ids).map((till) => ({ ...till }))),
    saveTills: (tills) =>
      step(() => {
        for (const { tillId, hiTseq, headHash, fence, state } of tills) {
          const till = tables.tills.get(tillId);
          if (till !== undefined) tables.tills.set(tillId, { ...till, hiTseq, headHash, fence, state });
        }
      }),
    listTillViews: (ids) => step(() => tables.tillViews.found(ids).map((view) => ({ ...view }))),
    saveTillViews: (views) =>
      step(() => {
        for (const view of views) tables.tillViews.set(view.tillId, { ...view });
      }),
    listStaff: (ids) =>
      step(() =>
        tables.documents.found(ids.map((id) => `staff ${id}`)).map(({ body }) => ({ ...(body as Staff) })),
      ),
    listStaffAuthors: (ids) =>
      step(() =>
        tables.documents
          .found(ids.map((id) => `staff ${id}`))
          .flatMap(({ id, seq }) =>
            [...tables.ops.values()]
              .filter((kept) => kept.seq === seq || kept.settled?.releasedSeq === seq)
              .map(({ op: { actorId } }) => ({ staffId: id, actorId })),
          ),
      ),
  };
}

function toKept(numbered: NumberedOp, crypto: Crypto): KeptOp {
  const { seq, op, hash, held, flags, waitsFor, isErased, branch = 0 } = numbered;
  const { body, ...header } = op;
  const memberId = body['memberId'];
  const isAboutSomebody =
    (isPersonal(op.kind) || held !== null) && typeof memberId === 'string' && UUID.test(memberId);
  return {
    ...{ seq, hash, held, branch, flags: [...flags], waitsFor: [...waitsFor], settled: null },
    op: isErased ? { ...header, salt: '' } : header,
    body: isErased ? null : structuredClone(body),
    commitment: isErased ? (numbered.commitment ?? commitmentOf(op, crypto)) : null,
    memberId: isAboutSomebody ? String(memberId) : null,
  };
}

/** An erased body stands as one that nothing can be done with. */
const toHeld = ({ seq, op, body, held, settled }: KeptOp): HeldOp => ({
  seq,
  op: { ...op, body: structuredClone(settled?.body ?? body ?? { kind: '' }) },
  reason: must(held, 'it is held'),
});

function opPort(tables: UnitTables, step: Step, crypto: Crypto): OpPort {
  const open = (isWanted: (kept: KeptOp) => boolean): HeldOp[] =>
    [...tables.ops.values()]
      .filter((kept) => kept.held !== null && kept.settled === null && isWanted(kept))
      .sort((left, right) => left.seq - right.seq)
      .map(toHeld);
  return {
    listHashes: ({ tillId, incarnation, fromTseq, toTseq }) =>
      step(() => {
        const hashes = [];
        for (let tseq = fromTseq; tseq <= toTseq; tseq += 1) {
          const seq = tables.tillOps.get(tillOpKey({ tillId, incarnation, tseq }));
          const kept = seq === undefined ? undefined : tables.ops.get(String(seq));
          if (kept !== undefined) hashes.push({ tillId, tseq, hash: kept.hash });
        }
        return hashes;
      }),
    listKnownOps: (ids) =>
      step(() =>
        [...new Set(ids)].flatMap((id) => {
          const kept = tables.ops.get(String(tables.opIds.get(id)));
          if (kept === undefined) return [];
          const { opId, tillId, incarnation, kind, salt } = kept.op;
          const { hash, body, commitment } = kept;
          return [structuredClone({ opId, tillId, incarnation, kind, salt, hash, body, commitment })];
        }),
      ),
    insertOps: (ops) =>
      step(() => {
        for (const numbered of ops) {
          const kept = toKept(numbered, crypto);
          tables.ops.add(String(kept.seq), kept);
          if (kept.branch === 0) tables.tillOps.add(tillOpKey(kept.op), kept.seq);
          if (kept.held !== 'op_id_repeated') tables.opIds.add(kept.op.opId, kept.seq);
        }
      }),
    listWaiting: (targets) => step(() => open(({ waitsFor }) => waitsFor.some((id) => targets.includes(id)))),
    listOwnDocuments: (tillIds) =>
      step(() =>
        [...tables.ops.values()]
          .filter(({ held, op }) => held !== null && held !== 'bad_body' && tillIds.includes(op.tillId))
          .flatMap(({ op: { kind, tillId }, body }) =>
            kind === 'document.saved' ? [{ tillId, body: structuredClone(body) as never }] : [],
          ),
      ),
    listHeld: (seqs) => step(() => open(({ seq }) => seqs.includes(seq))),
    saveReleases: (settled) => step(() => settled.forEach((each) => saveRelease(tables, each))),
  };
}

function saveRelease(tables: UnitTables, settled: Settled): void {
  const kept = tables.ops.get(String(settled.heldSeq));
  if (kept !== undefined)
    tables.ops.set(String(kept.seq), { ...kept, waitsFor: [], settled: { ...settled } });
}

function strayPort(tables: UnitTables, step: Step): StrayPort {
  const waiting = (tillId: string) =>
    [...tables.strays.values()]
      .filter(({ op, booked }) => op.tillId === tillId && booked === null)
      .sort(
        (a, b) =>
          a.op.incarnation - b.op.incarnation || a.op.tseq - b.op.tseq || (a.op.opId < b.op.opId ? -1 : 1),
      );
  return {
    insertStrays: (strays) =>
      step(() => {
        const isNumbered = ({ op, hash }: Stray): boolean =>
          tables.ops.get(String(tables.opIds.get(op.opId)))?.hash === hash;
        const fresh = strays.filter((stray) => !isNumbered(stray) && !tables.strays.has(stray.op.opId));
        for (const { op, hash } of fresh) {
          const isErased = tables.erasures.has(personOfStray(op) ?? '');
          const kept = isErased ? { ...op, salt: '', body: { kind: '' } } : structuredClone(op);
          tables.strays.set(op.opId, { op: kept, hash, order: 0, booked: isErased ? { seq: null } : null });
        }
        return fresh.length;
      }),
    listStrays: (tillId, limit) =>
      step(() =>
        waiting(tillId)
          .slice(0, limit)
          .map(({ op, hash }) => ({ op: structuredClone(op), hash })),
      ),
    saveBooked: (booked) =>
      step(() => {
        for (const { opId, seq } of booked) {
          const stray = tables.strays.get(opId);
          if (stray !== undefined) tables.strays.set(opId, { ...stray, booked: { seq } });
        }
      }),
    nextBranch: (tillId) =>
      step(() => {
        const branches = [...tables.ops.values()].filter(({ op }) => op.tillId === tillId);
        return Math.max(0, ...branches.map(({ branch }) => branch)) + 1;
      }),
  };
}

function holdPort(tables: UnitTables, step: Step): HoldPort {
  return {
    listHolds: (ids) => step(() => tables.holds.found(ids).filter(({ left }) => left > 0)),
    saveHolds: (holds) =>
      step(() => {
        for (const hold of holds) tables.holds.set(hold.holdId, { ...hold });
      }),
    freeHolds: (tillId, incarnation) =>
      step(() => {
        for (const hold of tables.holds.values()) {
          const isOver = hold.lapsesAtMs !== WAITS_FOR_ANSWER_MS;
          if (hold.tillId === tillId && hold.incarnation < incarnation && isOver)
            tables.holds.set(hold.holdId, { ...hold, left: 0 });
        }
      }),
  };
}

function peopleIn(tables: UnitTables, { memberId, detail, kind, seq }: InboxItem): string[] {
  const held = kind === 'held_op' ? tables.ops.get(String(seq)) : undefined;
  const named = held?.memberId ?? held?.body?.['memberId'] ?? held?.settled?.body?.['memberId'];
  return [
    ...(memberId === null ? [] : [memberId]),
    ...('memberIds' in detail ? detail.memberIds : []),
    ...('keptBy' in detail ? [detail.keptBy.memberId] : []),
    ...(typeof named === 'string' ? [named] : []),
  ];
}

function answer(tables: UnitTables, id: string | undefined, answered: InboxAnswered): void {
  const item = id === undefined ? undefined : tables.inbox.get(id);
  if (item === undefined) return;
  const isOfErased = peopleIn(tables, item).some((memberId) => tables.erasures.has(memberId));
  const said = { ...answered, ...(isOfErased && { reason: '' }) };
  tables.inbox.set(item.id, { ...item, ...said, state: 'answered' });
}

function eraseMembers(tables: UnitTables, erasures: readonly Erasure[], crypto: Crypto): void {
  const ids = new Set<string>(erasures.map(({ memberId }) => memberId));
  let erasureNo = Math.max(0, ...[...tables.erasures.values()].map((each) => each.erasureNo));
  for (const erasure of erasures) {
    if (!tables.erasures.has(erasure.memberId))
      tables.erasures.set(erasure.memberId, { ...erasure, erasureNo: (erasureNo += 1) });
  }
  for (const kept of [...tables.ops.values()]) {
    if (kept.body === null || kept.memberId === null || !ids.has(kept.memberId)) continue;
    const commitment = commitmentOf({ salt: kept.op.salt, body: kept.body }, crypto);
    const settled = kept.settled === null ? null : { ...kept.settled, body: null };
    const op = { ...kept.op, salt: '' };
    tables.ops.set(String(kept.seq), { ...kept, op, body: null, commitment, settled });
  }
  for (const kept of [...tables.strays.values()]) {
    if (!ids.has(personOfStray(kept.op) ?? '')) continue;
    const op = { ...kept.op, salt: '', body: { kind: '' } };
    tables.strays.set(op.opId, { ...kept, op, booked: kept.booked ?? { seq: null } });
  }
  const atMs = Math.max(...erasures.map((each) => each.atMs));
  for (const item of [...tables.inbox.values()]) {
    const isPair = item.detail.kind === 'shared_mobile' || item.detail.kind === 'shared_lookup_id';
    const names = isPair && item.state === 'open' ? (item.detail as { memberIds: string[] }).memberIds : [];
    if (peopleIn(tables, item).some((memberId) => ids.has(memberId)))
      tables.inbox.set(item.id, { ...item, reason: '' });
    if (!ids.has(item.memberId ?? '') && !names.some((id) => ids.has(id))) continue;
    const said = {
      answer: item.state === 'open' ? 'erased' : item.answer,
      answeredAtMs: item.answeredAtMs ?? atMs,
      reason: '',
    };
    tables.inbox.set(item.id, { ...item, ...said, state: 'answered', detail: { kind: 'erased' } });
  }
}

function appendAudit(tables: UnitTables, lines: readonly AuditLine[], crypto: Crypto): void {
  const known = [...tables.audit.values()].sort((a, b) => a.lineNo - b.lineNo).at(-1);
  let { lineNo, hash } = known ?? { lineNo: 0, hash: AUDIT_START };
  for (const line of lines) {
    lineNo += 1;
    const prev = hash;
    hash = auditHash({ ...line, lineNo, prev }, crypto);
    tables.audit.set(String(lineNo), { ...line, lineNo, prev, hash });
  }
}

function inboxPort(unit: MemoryUnit, step: Step, crypto: Crypto): InboxPort {
  const { tables } = unit;
  return {
    insertInbox: (items) =>
      step(() => {
        for (const item of items) {
          if (tables.inboxTopics.has(item.topic)) continue;
          const open = { state: 'open' as const, answer: '', answeredBy: '', answeredAtMs: null, reason: '' };
          const detail = structuredClone(item.detail);
          tables.inboxTopics.set(item.topic, item.id);
          tables.inbox.add(item.id, { ...item, ...open, kind: detail.kind as never, detail });
        }
      }),
    findOpenItem: (topicStart) =>
      step(() =>
        structuredClone(
          [...tables.inbox.values()]
            .filter(({ state, topic }) => state === 'open' && topic.startsWith(topicStart))
            .sort((left, right) => (left.id < right.id ? -1 : 1))[0],
        ),
      ),
    changeDetail: (id, detail) =>
      step(() => {
        const item = tables.inbox.get(id);
        if (item !== undefined) tables.inbox.set(id, { ...item, detail: structuredClone(detail) });
      }),
    lockInboxItem: async (id) => {
      await unit.step();
      await unit.lock();
      const item = tables.inbox.get(id);
      return item === undefined ? undefined : structuredClone(item);
    },
    closeInbox: (topics, answered) =>
      step(() => {
        for (const item of tables.inbox.found(topics.map((topic) => tables.inboxTopics.get(topic) ?? '')))
          if (item.state === 'open') answer(tables, item.id, answered);
      }),
    countAnswered: async (topics, answer) =>
      tables.inbox
        .found(topics.map((topic) => tables.inboxTopics.get(topic) ?? ''))
        .filter((item) => item.state === 'answered' && item.answer === answer).length,
    // The simulation has no other systems.
    turnWebhook: async () => false,
    answerInbox: (id, answered) => step(() => answer(tables, id, answered)),
    eraseMembers: (erasures) =>
      step(() => erasures.length > 0 && eraseMembers(tables, erasures, crypto)).then(() => undefined),
    appendAudit: (lines) => step(() => appendAudit(tables, lines, crypto)),
  };
}

/** The store over one unit in memory; stands in for `crm/sql-store.ts`. */
export function sqlStore(tx: Sql, crypto: Crypto): CentreStore {
  const unit = unitOf(tx);
  const step = stepOf(unit);
  return {
    ...headPort(unit, step, crypto),
    ...tillPort(unit.tables, step),
    ...opPort(unit.tables, step, crypto),
    ...strayPort(unit.tables, step),
    ...rowPort(unit.tables, step),
    ...holdPort(unit.tables, step),
    ...inboxPort(unit, step, crypto),
  };
}

/** One locked unit is one transaction. */
export const sqlUnit =
  (database: Database, crypto: Crypto): RunUnit =>
  (work) =>
    database.transaction((tx) => work(sqlStore(tx, crypto)));

/** What is committed by now. */
export const sqlReads = (database: Database, crypto: Crypto) => (): CentreStore =>
  sqlStore(database.sql, crypto);
