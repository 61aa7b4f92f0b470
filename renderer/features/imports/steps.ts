import type { ImportRun } from '../../../electron/contract/imports.ts';

export const STEPS = ['choose', 'map', 'check', 'rehearse', 'run', 'done'] as const;
export type Step = (typeof STEPS)[number];

export const isAtWork = ({ state }: Pick<ImportRun, 'state'>): boolean =>
  ['checking', 'running', 'undoing'].includes(state);

/** Which step a run stands at. */
export function stepOf(run: ImportRun | null): Step {
  switch (run?.state) {
    case undefined:
    case 'receiving':
    case 'refused':
    case 'cancelled':
      return 'choose';
    case 'mapping':
      return 'map';
    case 'checking':
      return 'check';
    case 'checked':
      return 'rehearse';
    case 'running':
    case 'waiting':
    case 'stopped':
    case 'undoing':
      return 'run';
    case 'done':
    case 'undone':
      return 'done';
  }
}
