import type { SyncStatus } from '../../../electron/contract/till.ts';

export interface ChipWords {
  readonly tone: 'calm' | 'wait' | 'offline' | 'stopped';
  readonly key:
    | 'chip.allSent'
    | 'chip.notYet'
    | 'chip.arriving'
    | 'chip.waiting'
    | 'chip.offline'
    | 'chip.offlineWaiting'
    | 'chip.stopped';
  readonly count: number;
}

/** The chip in one phrase: a number and a word, no alarm for a line that is merely down. Null before enrolment. */
export function chipOf(status: SyncStatus): ChipWords | null {
  const { state, outstanding: count } = status;
  if (state === 'off') return null;
  if (state === 'stopped') return { tone: 'stopped', key: 'chip.stopped', count };
  if (state === 'offline')
    return { tone: 'offline', key: count > 0 ? 'chip.offlineWaiting' : 'chip.offline', count };
  if (count > 0) return { tone: 'wait', key: 'chip.waiting', count };
  if (status.membersOf > 0) return { tone: 'wait', key: 'chip.arriving', count };
  return { tone: 'calm', key: status.lastSyncAtMs === null ? 'chip.notYet' : 'chip.allSent', count };
}
