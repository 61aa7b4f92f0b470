import type { Sql } from './database.ts';

interface Asked {
  text: string;
  values: readonly unknown[];
  settle(result: { rows: unknown[]; rowCount: number | null }): void;
  fail(cause: unknown): void;
}

const isRead = ({ text }: Asked): boolean => /^\s*(select|with)\b/i.test(text);

/** A write that is to say how many rows it met ends so; of any other nothing is told. */
const isTelling = (text: string): boolean => /\breturning\s+\S+\s*$/i.test(text);

const combined = new Map<string, string>();
const COMBINED_MAX = 500;

/** Several statements as one text, their parameters numbered on. Made once: it is always the same ones. */
function combine(asked: readonly Asked[], areReads: boolean): string {
  const key = asked.map(({ text }) => text).join(';');
  const known = combined.get(key);
  if (known !== undefined) return known;
  let offset = 0;
  const parts = asked.map(({ text, values }) => {
    const first = offset;
    offset += values.length;
    return text.replaceAll(/\$(\d+)/g, (_, digits: string) => `$${Number(digits) + first}`);
  });
  const told = asked.flatMap(({ text }, at) =>
    isTelling(text) ? [`(select count(*) from w${at}) as "${at}"`] : [],
  );
  const made = areReads
    ? `select ${parts.map((text, at) => `(select coalesce(json_agg(q), '[]') from (${text}) q) as "${at}"`).join(',\n')}`
    : `with ${parts.map((text, at) => `w${at} as (${text})`).join(',\n')} select ${told.join(', ') || '1'}`;
  if (combined.size >= COMBINED_MAX) combined.clear();
  combined.set(key, made);
  return made;
}

/**
 * Statements that are asked for at once (in one turn, before anything is awaited) go to the database as one:
 * each way there and back costs as much as a dozen rows. Reads together see one instant; writes together must
 * not touch each other's rows, and tell at most how many they met, by a `returning` at their end. Reads and writes in
 * one turn go one by one, in their order.
 */
export function gathered(tx: Sql): Sql {
  let waiting: Asked[] = [];
  const ask = async (text: string, values: readonly unknown[]): ReturnType<Sql['query']> =>
    tx.query(text, [...values]);
  const askAll = async (group: readonly Asked[]): Promise<void> => {
    const areReads = group.every(isRead);
    if (group.length === 1 || (!areReads && group.some(isRead))) {
      for (const { text, values, settle } of group) settle(await ask(text, values));
      return;
    }
    const { rows } = await ask(
      combine(group, areReads),
      group.flatMap(({ values }) => values),
    );
    const [found] = rows as Record<string, unknown>[];
    group.forEach(({ text, settle }, at) => {
      const told = found?.[String(at)];
      const list = areReads && Array.isArray(told) ? told : [];
      settle({ rows: list, rowCount: areReads ? list.length : isTelling(text) ? Number(told) : null });
    });
  };
  const flush = (): void => {
    const group = waiting;
    waiting = [];
    askAll(group).catch((cause: unknown) => group.forEach(({ fail }) => fail(cause)));
  };
  return {
    query: (text, values = []) =>
      new Promise((settle, fail) => {
        if (waiting.length === 0) queueMicrotask(flush);
        waiting.push({ text, values, settle, fail });
      }),
  };
}
