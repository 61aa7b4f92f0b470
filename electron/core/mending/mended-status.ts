import type { SyncStatus } from '../../contract/till.ts';
import type { TillSettings } from '../till-settings.ts';

interface Parts {
  settings: TillSettings;
  /** Actions that this start put back. */
  rescued?: number;
  /** This start made the till's own file anew. */
  isMended?: boolean;
}

/** What the page says about a file that lost something or was made anew. */
export function tellMended({
  settings,
  rescued = 0,
  isMended = false,
}: Parts): Pick<SyncStatus, 'rescued' | 'mended'> {
  const state = settings.mended()?.state;
  const isOpen = state === 'gap' || (state === 'empty' && settings.enrolment() === null);
  return {
    ...(rescued > 0 && { rescued }),
    ...(state !== undefined && (isOpen || (isMended && state !== 'empty')) && { mended: state }),
  };
}

/** The centre and the till agree about its ops again. */
export function closeGap(settings: TillSettings): void {
  const mended = settings.mended();
  if (mended?.state === 'gap') settings.setMended({ ...mended, state: 'whole' });
}
