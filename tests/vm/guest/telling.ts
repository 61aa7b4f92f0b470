/** Prints what the machine's console is read for. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const WAIT_MS_MAX = 30_000;
const LOOK_MS = 5;
const CHECK_MS_MAX = 180_000;

/** Runs one check and says how it went; a check that fails keeps none from the next. */
export async function check(name: string, act: () => Promise<void>): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error('never came to an end')), CHECK_MS_MAX);
  });
  try {
    await Promise.race([act(), tooLate]);
    say(`ok ${name}`);
  } catch (cause) {
    say(`not ok ${name}: ${String(cause instanceof Error ? cause.message : cause).replaceAll('\n', ' ')}`);
  } finally {
    clearTimeout(late);
  }
}

export const sayFigure = (name: string, values: readonly number[]): void => {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (part: number): string => (sorted[Math.ceil(part * sorted.length) - 1] ?? 0).toFixed(1);
  say(`figure ${name}: ${sorted.length} times, p50 ${at(0.5)}, max ${at(1)} ms`);
};

/** @throws Error that shows both */
export function same(actual: unknown, wanted: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
}

/** The kernel's files tell nobody when they change: what `look` finds, as soon as it finds it. */
export async function until<Found>(
  look: () => Found | Promise<Found>,
  what: string,
): Promise<NonNullable<Found>> {
  const startMs = performance.now();
  while (performance.now() - startMs < WAIT_MS_MAX) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** Ends the program when `main` has, whatever is still open. */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main();
    process.exit(0);
  } catch (cause) {
    say(String(cause));
    process.exit(1);
  }
}
