import type { Scene } from './scene.ts';

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
  merged: ({ store }) => [...store.tables.members.values()].some(({ row }) => row.mergedIntoId !== null),
  anonymised: ({ store }) => store.tables.erasures.size > 0,
};

export const SITUATION_NAMES = Object.keys(SITUATIONS);

export const reachedIn = (scene: Scene): string[] =>
  Object.entries(SITUATIONS).flatMap(([name, isReached]) => (isReached(scene) ? [name] : []));
