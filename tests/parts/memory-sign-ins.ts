import { SIGN_IN_LINES_MAX, SIGN_INS_TOGETHER_MS } from '../../db/till/repos/sign-ins.ts';
import type { StoredSignIn, TillDb } from '../../db/till/types.ts';
import type { MemoryFile, MemoryTable } from './memory-file.ts';

/** By number, newest last. */
export type SignInTable = MemoryTable<number, StoredSignIn>;

/** Who showed a PIN, in memory, as `db/till` keeps it. */
export function signInRepo(signIns: SignInTable, file: MemoryFile): TillDb['signIns'] {
  const isLook = ({ memberId }: Pick<StoredSignIn, 'memberId'>): boolean => memberId !== '';
  const drop = (line: Pick<StoredSignIn, 'memberId'>): void => {
    if (signIns.size <= SIGN_IN_LINES_MAX) return;
    const ofKind = newestFirst().filter((each) => isLook(each) === isLook(line));
    for (const { signInNo } of ofKind.slice(SIGN_IN_LINES_MAX)) signIns.delete(signInNo);
  };
  const newestFirst = (): StoredSignIn[] => [...signIns.values()].sort((a, b) => b.signInNo - a.signInNo);
  return {
    add: ({ atMs, ...told }, counts) =>
      file.atomically(() => {
        const known =
          counts === 'each'
            ? undefined
            : newestFirst().find(
                ({ firstMs, staffId, act, outcome, place, memberId }) =>
                  firstMs > atMs - SIGN_INS_TOGETHER_MS &&
                  firstMs <= atMs &&
                  [staffId, act, outcome, place, memberId].join(' ') ===
                    [told.staffId, told.act, told.outcome, told.place, told.memberId].join(' '),
              );
        if (known === undefined) {
          const signInNo = (newestFirst()[0]?.signInNo ?? 0) + 1;
          signIns.set(signInNo, { signInNo, firstMs: atMs, lastMs: atMs, tries: 1, ...told });
          drop(told);
        } else if (counts === 'together') {
          const lastMs = Math.max(known.lastMs, atMs);
          signIns.set(known.signInNo, { ...known, lastMs, tries: known.tries + 1 });
        }
      }),
    putBack: (line) =>
      file.atomically(() => {
        signIns.set(line.signInNo, line);
        drop(line);
      }),
    listBefore: (signInNo, limit) =>
      newestFirst()
        .filter((line) => line.signInNo < signInNo)
        .slice(0, limit),
    listOf: (kind, signInNo, limit) =>
      newestFirst()
        .filter((line) => line.signInNo < signInNo && isLook(line) === (kind === 'looks'))
        .slice(0, limit),
  };
}
