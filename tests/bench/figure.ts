/**
 * One line of the printed table and of the JSON. `limit` is what the machine itself takes, measured in the
 * same run.
 */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  limit: number;
  ratio: number;
  /** Milliseconds of processor in all of the product's threads and processes; null: not measured. */
  cpuMs: number | null;
  /** In words: `≤ 3 × limit` or `≤ 10 ms`. */
  goal: string;
  pass: boolean;
}

/** What one round took, in milliseconds, one number for each repetition: the product's and the limit's. */
export interface Round {
  ours: number[];
  limit: number[];
  /** What the product's repetitions took of the processor: tells work from waiting on a busy machine. */
  cpuMs?: number[];
}

export type Quantile = 50 | 95 | 99;

/** @param percent 0 .. 100 @returns the smallest value that so many percent of `values` do not exceed */
export function quantile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const at = Math.ceil((percent / 100) * sorted.length) - 1;
  return sorted[Math.max(0, at)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 50);

const round = (value: number): number => Number(value.toPrecision(4));

interface Named {
  name: string;
  of: Quantile;
}

interface Measured {
  value: number;
  limit: number;
  ratio: number;
  cpuMs: number | null;
}

/** Medians over the rounds; the ratio too, since both sides of a round saw the same machine. */
function measure(rounds: readonly Round[], of: Quantile): Measured {
  const pairs = rounds.map(({ ours, limit }) => ({ ours: quantile(ours, of), limit: quantile(limit, of) }));
  const cpuMs = rounds.flatMap((round) => round.cpuMs ?? []);
  return {
    cpuMs: cpuMs.length === 0 ? null : round(median(cpuMs)),
    value: median(pairs.map(({ ours }) => ours)),
    limit: median(pairs.map(({ limit }) => limit)),
    ratio: median(pairs.map(({ ours, limit }) => ours / limit)),
  };
}

function toFigure(
  { name, of }: Named,
  { value, limit, ratio, cpuMs }: Measured,
  verdict: Pick<Figure, 'goal' | 'pass'>,
): Figure {
  return {
    name: `${name}, p${of}`,
    value: round(value),
    unit: 'ms',
    limit: round(limit),
    ratio: round(ratio),
    cpuMs,
    ...verdict,
  };
}

/** A goal that asks for a multiple of the limit. */
export function ratioFigure(named: Named, rounds: readonly Round[], ratioMax: number): Figure {
  const measured = measure(rounds, named.of);
  return toFigure(named, measured, { goal: `≤ ${ratioMax} × limit`, pass: measured.ratio <= ratioMax });
}

/** A goal in milliseconds; the limit stands beside it to show what of that is the machine's. */
export function timeFigure(named: Named, rounds: readonly Round[], msMax: number): Figure {
  const measured = measure(rounds, named.of);
  return toFigure(named, measured, { goal: `≤ ${msMax} ms`, pass: measured.value <= msMax });
}

/** A goal for the memory of a process. */
export function memoryFigure(name: string, [ours, limit]: readonly [number, number], mbMax: number): Figure {
  const goal = `≤ ${mbMax} MB`;
  const figure = {
    name,
    value: round(ours),
    unit: 'MB',
    limit: round(limit),
    ratio: round(ours / limit),
    cpuMs: null,
  };
  return { ...figure, goal, pass: ours <= mbMax };
}

/** A figure that is no time of rounds: the goal says which way is good. */
export function plainFigure(
  name: string,
  [value, limit]: readonly [number, number],
  goal: { unit: string; text: string; pass: boolean },
): Figure {
  const { unit, text, pass } = goal;
  const ratio = round(value / limit);
  return { name, value: round(value), unit, limit: round(limit), ratio, cpuMs: null, goal: text, pass };
}

/** @returns milliseconds of the processor that all threads of this process have had so far */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** One repetition into `round`, with what it took of this process. */
export async function timeInto({ ours, cpuMs }: Round, act: () => Promise<unknown>): Promise<void> {
  const before = ownCpuMs();
  ours.push(await timed(act));
  cpuMs?.push(ownCpuMs() - before);
}

/** @returns milliseconds */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}

const COLUMNS = ['what', 'value', 'limit', 'ratio', 'processor', 'goal', ''] as const;

const toCells = ({ name, value, unit, limit, ratio, cpuMs, goal, pass }: Figure): string[] => [
  name,
  `${value} ${unit}`,
  `${limit} ${unit}`,
  String(ratio),
  cpuMs === null ? '' : `${cpuMs} ms`,
  goal,
  pass ? 'ok' : 'MISSED',
];

/** The figures as lines of text, columns under each other. */
export function toTable(figures: readonly Figure[]): string {
  const lines = [[...COLUMNS], ...figures.map(toCells)];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
