import { isRemoved, readExtras } from '../../sync/model/extras.ts';
import type { SpendCover } from '../../sync/model/op.ts';
import type { Scene } from './scene.ts';

const answered = ({ tables }: Scene['store'], how: string): boolean =>
  [...tables.inbox.values()].some(({ answer }) => answer.startsWith(how));

const covers = ({ store }: Scene): (SpendCover & { opId: string })[] =>
  [...store.tables.ops.values()].flatMap(({ op, body }) => {
    const cover = body?.['cover'] as SpendCover | undefined;
    return cover === undefined ? [] : [{ ...cover, opId: op.opId }];
  });

/** Situations that the simulation is for. One that no run reaches any more is a blind spot, not a success. */
const SITUATIONS: Readonly<Record<string, (scene: Scene) => boolean>> = {
  'op held': ({ store }) => [...store.tables.ops.values()].some(({ held }) => held !== null),
  'op released': ({ store }) => [...store.tables.ops.values()].some(({ settled }) => settled !== null),
  'new incarnation': ({ store }) =>
    [...store.tables.incarnations.values()].some(({ incarnation }) => incarnation > 1),
  'till forked': ({ store }) => [...store.tables.tills.values()].some(({ state }) => state === 'quarantined'),
  'stray kept': ({ store }) => store.tables.strays.size > 0,
  'press unknown': ({ history }) => [...history.asked.values()].some(({ fate }) => fate === 'unknown'),
  'lost with a disk': ({ history }) => history.lostWithDisk.size > 0,
  'entry corrected': ({ store }) => store.tables.corrections.size > 0,
  'card replaced': ({ store }) =>
    [...store.tables.cards.values()].some(({ status }) => status === 'replaced'),
  'card bound twice': ({ store }) =>
    [...store.tables.inbox.values()].some(({ kind }) => kind === 'card_bound_twice'),
  'shared mobile': ({ store }) =>
    [...store.tables.inbox.values()].some(({ kind }) => kind === 'shared_mobile'),
  'field conflict': ({ store }) =>
    [...store.tables.inbox.values()].some(({ kind }) => kind === 'field_conflict'),
  'clock ahead': ({ store }) => [...store.tables.inbox.values()].some(({ kind }) => kind === 'clock_ahead'),
  overdrawn: ({ store }) => [...store.tables.inbox.values()].some(({ kind }) => kind === 'overdrawn'),
  'spent under a grant': (scene) =>
    covers(scene).some(({ grant, holdId, opId }) => grant > 0 && holdId !== opId),
  'spent under a reservation': (scene) => covers(scene).some(({ holdId, opId }) => holdId === opId),
  'spent what was earned here': (scene) => covers(scene).some(({ gain }) => gain > 0),
  'spent on the floor': (scene) => covers(scene).some(({ floor }) => floor > 0),
  'day proven': ({ store }) =>
    [...store.tables.closeReceipts.values()].some(({ verdict }) => verdict === 'equal'),
  'closed with ops on their way': ({ store }) =>
    [...store.tables.closes.values()].some(({ certificate }) => certificate.outstanding > 0),
  'spill put back': ({ tills }) => tills.some(({ rescued }) => rescued > 0),
  'spill brought': ({ rescues }) => rescues.some(({ isDone, opIds }) => isDone && opIds.length > 0),
  'strays booked': ({ store }) => answered(store, 'book'),
  'conflict restored': ({ store }) => answered(store, 'restore'),
  'pair merged': ({ store }) => answered(store, 'merge '),
  'pair split again': ({ store }) => answered(store, 'unmerge'),
  'held op let in': ({ store }) => answered(store, 'apply'),
  'held op dismissed': ({ store }) => answered(store, 'dismiss'),
  'segments merged': ({ store }) => [...store.tables.feedSegments.values()].some(({ level }) => level > 0),
  'files forget somebody': ({ store }) =>
    [...store.tables.feedSegments.values()].some(({ isGone, isCovered }) => isGone && !isCovered),
  'snapshot made': ({ store }) => [...store.tables.feedSnapshots.values()].some(({ isReady }) => isReady),
  'copy damaged': ({ copiesDamaged }) => copiesDamaged > 0,
  'copy filled': ({ tills }) => tills.some(({ fill }) => fill.adoptions > 0),
  'fill let go for an erasure': ({ tills }) => tills.some(({ fill }) => fill.isLetGo),
  'sent ahead': ({ centres }) => centres.some(({ tookAhead }) => tookAhead),
  'centre put back, nobody told it': ({ centres }) => centres.some(({ wasFoundOut }) => wasFoundOut),
  'program refused': ({ centres }) => centres.some(({ refused }) => refused.has('protocol_unsupported')),
  'spend of an early program': ({ store }) =>
    [...store.tables.ops.values()].some(
      ({ op, body }) => op.kind === 'reward.redeemed' && body !== null && body['cover'] === undefined,
    ),
  'extras set': ({ store }) => [...store.tables.members.values()].some(({ row }) => row.extras !== ''),
  'member removed': ({ store }) => [...store.tables.members.values()].some(({ row }) => isRemoved(row)),
  'member taken back': ({ store }) =>
    [...store.tables.ops.values()].some(
      ({ held, body }) => held === null && body?.kind === 'member.removed' && body['isRemoved'] === false,
    ),
  'late op on a removed member': ({ store }) =>
    [...store.tables.inbox.values()].some(
      ({ detail }) => detail.kind === 'barred_member' && detail.state === 'removed',
    ),
  'document saved': ({ store }) => store.tables.documents.has('group regulars'),
  'document lost a race': ({ store }) =>
    [...store.tables.ops.values()].some(({ held }) => held === 'document_changed'),
  'purchase edited': ({ store }) =>
    [...store.tables.entries.values()].some(({ kind }) => kind === 'purchase.edited'),
  'lot expired': ({ store }) =>
    [...store.tables.entries.values()].some(({ kind }) => kind === 'points.expired'),
  'tier reached': ({ store }) =>
    [...store.tables.members.values()].some(({ row }) => readExtras(row.extras).tier !== null),
  'tier taken back': ({ store }) =>
    [...store.tables.ops.values()].some(
      ({ body }) => body?.kind === 'tier.earned' && body['reached'] === null,
    ),
  merged: ({ store }) => [...store.tables.members.values()].some(({ row }) => row.mergedIntoId !== null),
  anonymised: ({ store }) => store.tables.erasures.size > 0,
};

export const SITUATION_NAMES = Object.keys(SITUATIONS);

export const reachedIn = (scene: Scene): string[] =>
  Object.entries(SITUATIONS).flatMap(([name, isReached]) => (isReached(scene) ? [name] : []));
