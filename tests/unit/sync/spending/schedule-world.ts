import type { SpendPolicy } from '../../../../sync/model/spend-policy.ts';
import { freePart, type Hold } from '../../../../sync/spending/holds.ts';
import type { Cover, decideSpend } from '../../../../sync/spending/decide-spend.ts';

/** One account, some tills, every message that may be late or lost: all that can happen, step by step. */
export interface Scope {
  tills: number;
  balance: number;
  /** How many units the tills may earn in all, one by one. */
  earns: number;
  policy: SpendPolicy;
  /** Grants per till in the whole walk. */
  grantsMax?: number;
  /** Tills also pay one spend out of both, a grant and a reservation. */
  canSplit?: boolean;
  /** Requests may carry the first of the waiting ops only, and say what spends come later. */
  canCut?: boolean;
  /** Purchases whose amount may be edited, by one unit up or down each. */
  editsUp?: number;
  editsDown?: number;
  /** So often a till's file may be put back from a backup; the spill file has what is missing. */
  putBacks?: number;
  /** So often a till begins its next incarnation: the centre has its ops, and its own file none. */
  renewals?: number;
  /** So many tills may be reported lost; they go on spending, and nobody hears them. */
  losses?: number;
  /** What a put-back till does with its grants; keeping them must be found out. */
  keepsGrants?: boolean;
  /** The rule that is walked; a broken one in its place must be found out. */
  decide?: typeof decideSpend;
}

export interface Made {
  delta: number;
  cover: Cover | null;
  holdIds: string[];
  /** Under which the centre may set something aside for it. */
  opId?: string;
  /** Of a purchase that was typed wrong: two entries. */
  isEdit?: boolean;
}

/** Per till, where a scope says nothing else. */
export const GRANTS_MAX = 2;

export type Grant = { holdId: string; left: number } | null;

/** A copy of a till's file, and all that the spill file has to add to it. */
interface Backup {
  confirmed: number;
  /** Ops before it. */
  base: number;
  grant: Grant;
  log: Made[];
}

export interface Till {
  /** Balance as of the last complete answer. */
  confirmed: number;
  unacked: Made[];
  grant: Grant;
  isGivingBack: boolean;
  /** How many grants it was ever given: bounds the walk. */
  grants: number;
  /** An answer on its way: how many ops it acks, and what it says. */
  answer: { acked: number; balance: number | null; grant: Grant } | null;
  /** How many of `unacked` the centre has. */
  seen: number;
  /** How many of `unacked` may have left the till. */
  sent: number;
  /** Ops before `unacked`; counted only where somebody asks. */
  base: number;
  backup: Backup | null;
  isLost: boolean;
}

export interface World {
  balance: number;
  holds: Hold[];
  earned: number;
  edits: { up: number; down: number };
  putBacks: number;
  renewals: number;
  losses: number;
  tills: Till[];
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const nameOf = (at: number): string => `till-${at}`;
export const clone = (world: World): World => JSON.parse(JSON.stringify(world)) as World;

export const start = ({ tills, balance }: Scope): World => ({
  balance,
  holds: [],
  ...{ earned: 0, edits: { up: 0, down: 0 }, putBacks: 0, renewals: 0, losses: 0 },
  tills: Array.from({ length: tills }, () => ({
    confirmed: balance,
    unacked: [],
    grant: null,
    isGivingBack: false,
    grants: 0,
    answer: null,
    seen: 0,
    sent: 0,
    base: 0,
    backup: null,
    isLost: false,
  })),
});

export const hasNames = ({ canCut = false, putBacks = 0 }: Scope): boolean => canCut || putBacks > 0;

/** The till saves an op, in its file and in its spill file. */
export function save(next: World, at: number, { made, scope }: { made: Made; scope: Scope }): void {
  const till = next.tills[at] as Till;
  const opId = `op-${at}-${till.base + till.unacked.length}`;
  const named = scope.canCut === true ? { ...made, opId } : made;
  till.unacked.push(named);
  till.backup?.log.push(named);
}

/** What the account would hold if every op had arrived. */
export const trueBalance = (world: World): number =>
  world.balance +
  sum(world.tills.flatMap(({ unacked, seen }) => unacked.slice(seen).map(({ delta }) => delta)));

export const freeAtCentre = (world: World): number => freePart(world.balance, world.holds);
