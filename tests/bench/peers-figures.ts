import { median, timed, type Figure } from './figure.ts';
import { readCpuS } from './process-figures.ts';

/** How many times as long they may take at least: `≥ 4 ×`, and `ahead`. */
const AHEAD: Readonly<Record<string, number>> = { PouchDB: 4, WatermelonDB: 1 };
export const OWN_NAME = 'Counterfoil';

/** Of one act: on the clock, and of all processors for everybody who worked for it. */
export interface Took {
  ms: number;
  cpuMs: number;
}

export async function measured(pids: readonly number[], act: () => Promise<void>): Promise<Took> {
  const before = readCpuS(pids);
  const ms = await timed(act);
  return { ms, cpuMs: (readCpuS(pids) - before) * 1_000 };
}

export const wordsOf = ({ ms, cpuMs }: Took): string => `${ms.toFixed(0)} (${cpuMs.toFixed(0)})`;

/** Whoever begins finds another machine than whoever comes last: they take turns. */
export const inTurns = <Side>(sides: readonly Side[], round: number): Side[] => {
  const first = round % sides.length;
  return [...sides.slice(first), ...sides.slice(0, first)];
};

const rounded = (value: number): number => Number(value.toPrecision(4));

/** @param rounds what each took in milliseconds, by its name */
export function peerFigure(
  what: string,
  peer: string,
  rounds: readonly ReadonlyMap<string, number>[],
): Figure {
  const of = (round: ReadonlyMap<string, number>, name: string): number => round.get(name) ?? Number.NaN;
  const ratio = median(rounds.map((round) => of(round, peer) / of(round, OWN_NAME)));
  const min = AHEAD[peer] ?? 1;
  return {
    name: `${what}, beside ${peer}`,
    value: rounded(median(rounds.map((round) => of(round, OWN_NAME)))),
    unit: 'ms',
    limit: rounded(median(rounds.map((round) => of(round, peer)))),
    ratio: rounded(ratio),
    cpuMs: null,
    goal: min > 1 ? `peer ≥ ${min} × ours` : 'peer > ours',
    pass: min > 1 ? ratio >= min : ratio > 1,
  };
}
