import { join } from 'node:path';
import { type Figure, ratioFigure, timeFigure } from './figure.ts';
import { cardNumberOf, memberIdOf, mobileOf } from './members.ts';
import { type Pair, timePairs } from './pairs.ts';
import { mix, pick, shuffled } from './random.ts';
import { openRawLookup, type RawLookup } from './raw-lookup.ts';
import { openServedCore, type ServedCore } from './served-core.ts';

const TASKS = { rounds: 5, perRound: 5_000, warmUp: 2_000 };
const RATIO_MAX = 3;
const LOOKUP_MS_MAX = 1;
const NOTATION = 20;

/**
 * The ways in which people say and write a number. The first three leave out the country where the chain is
 * at home.
 */
const NOTATIONS: readonly ((code: string, national: string) => string)[] = [
  (_, national) => national,
  (_, national) => `${national.slice(0, 4)} ${national.slice(4)}`,
  (_, national) => `${national.slice(0, 4)}-${national.slice(4)}`,
  (code, national) => `+${code}${national}`,
  (code, national) => `+${code} ${national.slice(0, 4)} ${national.slice(4)}`,
  (code, national) => `00${code} ${national}`,
];
const ABROAD = NOTATIONS.slice(3);

function typedMobile(at: number): string {
  const { code, national } = mobileOf(at);
  return pick(code === '65' ? NOTATIONS : ABROAD, at, NOTATION)(code, national);
}

interface Sides {
  core: ServedCore;
  raw: RawLookup;
  members: number;
}

/** Looks up and makes sure that the right member came: a fast miss must not pass for a fast look-up. */
function find({ core }: Sides, text: string, at: number): undefined {
  const memberId = memberIdOf(at);
  const { members } = core.call('members.lookup', { text });
  if (!members.some((member) => member.memberId === memberId)) throw new Error(`look-up missed member ${at}`);
}

function byCard(sides: Sides): Pair {
  const whom = (task: number): number => shuffled(task, sides.members);
  return {
    ours: (task) => find(sides, cardNumberOf(whom(task)), whom(task)),
    limit: (task) => {
      if (sides.raw.byCard(cardNumberOf(whom(task))).length === 0) throw new Error('raw look-up missed');
    },
  };
}

function byPhone(sides: Sides): Pair {
  const whom = (task: number): number => shuffled(task + mix(1, NOTATION), sides.members);
  return {
    ours: (task) => find(sides, typedMobile(whom(task)), whom(task)),
    limit: (task) => {
      const { code, national } = mobileOf(whom(task));
      if (sides.raw.byPhone(`+${code}${national}`).length === 0) throw new Error('raw look-up missed');
    },
  };
}

/** Look-up by card and by phone against the same rows fetched by hand. Each member is looked up once. */
export async function benchLookup(dir: string, members: number): Promise<Figure[]> {
  const core = await openServedCore(dir);
  const raw = openRawLookup(join(dir, 'replica.db'));
  try {
    const sides = { core, raw, members };
    return [
      { name: 'look-up by card', rounds: timePairs(byCard(sides), TASKS) },
      { name: 'look-up by phone', rounds: timePairs(byPhone(sides), TASKS) },
    ].flatMap(({ name, rounds }) => [
      ratioFigure({ name, of: 50 }, rounds, RATIO_MAX),
      timeFigure({ name, of: 99 }, rounds, LOOKUP_MS_MAX),
    ]);
  } finally {
    raw.close();
    await core.close();
  }
}
