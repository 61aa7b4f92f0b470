import { hash } from 'node:crypto';

/** Ids of one row: a member, two cards with their accounts, and the ops that make, change and undo. */
const IDS_PER_ROW = 32;
export const ID = {
  member: 0,
  firstCard: 1,
  firstAccount: 2,
  secondCard: 3,
  secondAccount: 4,
  firstOp: 8,
  undoOp: 20,
} as const;

/**
 * Ids that follow from a run and a row alone, so that a run which goes on after a cut names everything as before and
 * nothing is made twice. In the form of UUIDv7: they rise with the rows, which is how trees like to grow.
 *
 * @param startedAtMs When the run began; it is part of every id.
 */
export function createRunIds(runId: string, startedAtMs: number) {
  const seed = hash('sha256', `import ${runId}`);
  const time = startedAtMs.toString(16).padStart(12, '0').slice(-12);
  const [start, end] = [`${time.slice(0, 8)}-${time.slice(8)}-7`, seed.slice(0, 8)];
  return {
    /** True for an id that this run has made. */
    isOfRun: (id: string): boolean => id.startsWith(start) && id.endsWith(end),
    /** @param part Below `IDS_PER_ROW`, another for each thing that the row makes. */
    of: <Id extends string>(rowNo: number, part: number): Id => {
      // 12 bits, then 28: rows up to 2^35 / 32.
      const serial = (rowNo * IDS_PER_ROW + part).toString(16).padStart(10, '0');
      const id = `${start}${serial.slice(0, 3)}-8${serial.slice(3, 6)}` + `-${serial.slice(6)}${end}`;
      return id as Id;
    },
  };
}
export type RunIds = ReturnType<typeof createRunIds>;

/** Eight signs to read out to support, of the same alphabet as `newSupportId`, from the member's id. */
export const supportHexOf = (runId: string, rowNo: number): string =>
  hash('sha256', `support ${runId} ${rowNo}`).slice(0, 16);
