import type { Failure } from '../../lib/failure.ts';
import type { Panel, PanelText } from './panel.ts';

/** It may have been saved: the same press again is safe, and needs the same PIN. After any other it is typed anew. */
const MAY_BE_SAVED: ReadonlySet<Failure['code']> = new Set<Failure['code']>([
  ...(['core_restarted', 'core_stopped', 'disk_full', 'saved_not_shown', 'bug'] as const),
]);

/** The form after a failure: the second person's PIN goes, and a second may be named where one alone was refused. */
export const panelAfter = (panel: Panel, { code }: Failure): Panel => ({
  ...panel,
  secondPin: MAY_BE_SAVED.has(code) ? panel.secondPin : '',
  maySecond: panel.maySecond || code === 'hand_limit',
});

/** A PIN is for what stood there when it was typed: with any other field changed it is typed anew. */
export const pinAfter = (panel: Panel, field: PanelText, value: string): string => {
  if (field === 'secondPin') return value;
  return panel[field] === value ? panel.secondPin : '';
};

/** What stays of a form that is out of sight; what failed has none left, and what is on its way keeps its own. */
export const withoutPins = (panel: Panel | null): Panel | null => panel && { ...panel, secondPin: '' };
