import type { Connection } from './open.ts';

interface Bounds {
  begin: () => void;
  end: () => void;
}

const bounds = new WeakMap<Connection, Bounds>();

/** Compiled once for each connection: a search is little more than these two and its ranges. */
function boundsOf(raw: Connection): Bounds {
  const known = bounds.get(raw);
  if (known !== undefined) return known;
  const [begin, end] = [raw.prepare('BEGIN'), raw.prepare('COMMIT')];
  const made: Bounds = { begin: () => void begin.run(), end: () => void end.run() };
  bounds.set(raw, made);
  return made;
}

/** Runs several reads as of one moment, whatever another connection writes meanwhile. */
export function reading<T>(raw: Connection, act: () => T): T {
  if (raw.inTransaction) return act();
  const { begin, end } = boundsOf(raw);
  begin();
  try {
    return act();
  } finally {
    if (raw.inTransaction) end();
  }
}
