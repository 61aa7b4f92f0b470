import { ERASURE_TILLS_MAX, type ErasureView } from '../../contract/log.ts';
import { CentreFault } from '../centre-client.ts';
import type { Handler } from '../ctx.ts';
import { centreOf, managerOf, toDeskError } from '../inbox/desk.ts';

const DAY_MS = 86_400_000;
/** A till that was silent for longer fetches its whole copy anew when it is back. */
export const AWAY_MS = 14 * DAY_MS;
/** Backups of the centre are kept for so long (`sync/README.md`, erasure). */
export const BACKUP_DAYS = 35;

/** Who was anonymised, and which tills have not said yet that nothing of them is left. */
export const listErasures: Handler<'erasures.list'> = async (ctx) => {
  const { person } = managerOf(ctx);
  const centre = centreOf(ctx);
  if (centre === null) return { erasures: null };
  try {
    const { erasures, tills } = await centre.erasures(person.staffId);
    const nowMs = ctx.clock.nowMs();
    const told = erasures.map(({ erasureNo, memberId, atMs, confirmed, tills: of }): ErasureView => {
      const late = tills.filter(({ confirmedNo }) => confirmedNo < erasureNo);
      const missing = late.slice(0, ERASURE_TILLS_MAX).map(({ tillId, name, storeId, heardAtMs }) => ({
        ...{ tillId, name, storeName: ctx.directory.store(storeId)?.name ?? storeId },
        storeNameZh: ctx.directory.store(storeId)?.nameZh ?? '',
        heardAtMs: heardAtMs === 0 ? null : heardAtMs,
        isAway: nowMs - heardAtMs > AWAY_MS,
      }));
      return {
        erasureNo,
        memberId,
        atMs,
        confirmed,
        tills: of,
        missing,
        moreMissing: late.length - missing.length,
        backupsUntilMs: atMs + BACKUP_DAYS * DAY_MS,
      };
    });
    return { erasures: told };
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return { erasures: null };
    throw toDeskError(cause);
  }
};
