import type { Logger } from 'pino';
import { startColumnsWorker, type ColumnsWorker } from '../../../db/replica/columns/columns-host.ts';
import type { Asking, Chosen, Override } from '../../../db/replica/columns/segment-engine.ts';
import type { Within } from '../../../db/replica/register/register-types.ts';
import type { ReplicaDb } from '../../../db/replica/types.ts';
import type { TillDb } from '../../../db/till/types.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { agreesToMarketing } from '../../../sync/merge/consents.ts';
import { dayNumber } from '../../../sync/segments/columns.ts';
import { holdingsOf, isSegmented, personFacts } from '../../../sync/segments/facts.ts';
import { NO_BORDERS, type RfmBorders } from '../../../sync/segments/rfm.ts';
import type { Laid, Overlay } from '../overlay.ts';
import { createThreadLife } from '../thread-life.ts';
import { listOpenMembers } from '../register/own-members.ts';

/** Members with own actions under way that are laid for a question; of more, the confirmed rows count. */
const OWN_MAX = 500;

interface Parts {
  till: TillDb;
  replica: () => ReplicaDb;
  overlay: Overlay;
  place: { path: string; keyHex: string };
  clock: { nowMs(): number };
  log: Logger;
  /** There are fifths where there were none: whoever was told of a member without them may ask again. */
  onDrawn: () => void;
}

/** A person's facts as this till sees them, own actions included. */
export function factsOf({ member, people, cards, accounts }: Laid, borders: RfmBorders) {
  const holdings = holdingsOf([...accounts.values()].map(({ view }) => view));
  const hasMarketingConsent = agreesToMarketing(people);
  return { facts: personFacts(member, holdings, { cards, borders, hasMarketingConsent }), holdings };
}

type Drawing = Pick<Parts, 'clock' | 'log' | 'onDrawn'> & { draw: () => Promise<RfmBorders> };

/** The chain's fifths of a day: what tells of one member needs no more of the others. */
function createFifths({ clock, log, draw, onDrawn }: Drawing) {
  let drawn: { day: number; borders: RfmBorders } | null = null;
  let drawing: Promise<void> | null = null;
  const kept = (): { borders: RfmBorders; isDrawing: boolean } => ({
    borders: drawn?.borders ?? NO_BORDERS,
    isDrawing: drawn === null,
  });
  const drawOf = async (day: number): Promise<void> => {
    const isFirst = drawn === null;
    try {
      drawn = { day, borders: await draw() };
      if (isFirst) onDrawn();
    } catch (cause) {
      log.warn({ err: cause }, 'the fifths of the chain were not drawn');
    } finally {
      drawing = null;
    }
  };
  /** Fifths of today, or of the last day that they were drawn of, while today's are being drawn. */
  const now = (): ReturnType<typeof kept> => {
    const day = dayNumber(clock.nowMs());
    if (drawn?.day !== day) drawing ??= drawOf(day);
    return kept();
  };
  return {
    kept,
    now,
    ofToday: async (): Promise<RfmBorders> => {
      now();
      await drawing;
      return kept().borders;
    },
  };
}

/** Who asks segments over all members: a thread begun when it is wanted, and told what changes. */
export function createSegmentDesk({ till, replica, overlay, place, clock, log, onDrawn }: Parts) {
  let kept: { worker: ColumnsWorker; key: string; within: Promise<Within> } | null = null;
  let writes = 0;
  const life = createThreadLife<ColumnsWorker>({
    begin: () => startColumnsWorker(place),
    threadOf: (worker) => worker,
    replica,
    onWrite: (worker, change) => {
      writes += 1;
      worker.touch(
        change.kind === 'all' ? null : { memberIds: change.memberIds, accountNos: change.accountNos },
      );
    },
    onFault: (cause) => log.error({ err: cause }, 'segments broke off'),
  });
  /** @throws Error While another copy is put in place. */
  const get = (): ColumnsWorker => {
    const worker = life.get();
    if (worker === null) throw new Error('the members can not be counted just now');
    return worker;
  };

  /** Members with own actions that the copy does not hold yet. */
  const overrides = (): Override[] => {
    const own = new Map<MemberId, Override>();
    for (const memberIds of listOpenMembers(till, replica().meta().settled)) {
      for (const memberId of memberIds) {
        if (own.size >= OWN_MAX) return [...own.values()];
        const laid = overlay.lay(memberId);
        if (laid === undefined || laid.openOps.length === 0) continue;
        const root = laid.member.memberId;
        const { borders } = fifths.kept();
        const facts = isSegmented(laid.member) ? factsOf(laid, borders).facts : null;
        own.set(root, { memberId: root, facts });
      }
    }
    return [...own.values()];
  };
  const asking = (): Asking => ({ atMs: clock.nowMs(), overrides: overrides() });

  const fifths = createFifths({
    clock,
    log,
    onDrawn,
    draw: () => get().borders({ atMs: clock.nowMs(), overrides: [] }),
  });

  /** Everybody of a choice, for the list of all members, which asks page by page: kept as long as nothing changed. */
  const within = async (chosen: Chosen): Promise<Within> => {
    await fifths.ofToday();
    const worker = get();
    const state = [writes, till.ops.counts().total, replica().meta().settled, dayNumber(clock.nowMs())];
    const key = JSON.stringify([chosen, state]);
    if (kept?.worker === worker && kept.key === key) return kept.within;
    const made = worker.whole(chosen, asking()).then((whole) => ({ key, ...whole }));
    const now = { worker, key, within: made };
    kept = now;
    made.catch(() => {
      if (kept === now) kept = null;
    });
    return made;
  };

  return {
    worker: get,
    asking,
    within,
    borders: fifths.now,
    /** The same, waiting for those of today. */
    todaysBorders: fifths.ofToday,
    rest: life.rest,
    close: life.close,
  };
}
export type SegmentDesk = ReturnType<typeof createSegmentDesk>;
