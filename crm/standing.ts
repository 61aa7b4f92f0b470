import { CentreRefusal } from './refusal.ts';
import type { TillRow } from './repos/tills.ts';

/** For a machine that may be in a stranger's hands: it hears this and nothing else. */
export const tillLost = (): CentreRefusal =>
  new CentreRefusal(
    'till_lost',
    'This till was reported lost, so the centre gives it nothing. Nothing was changed; its work stays with ' +
      'it. If it is found, a manager enrols it anew.',
  );

export const otherGoesOn = (): CentreRefusal =>
  new CentreRefusal(
    'till_forked',
    'Another copy of this till goes on in its place. Nothing was changed and nothing is lost. A ' +
      'manager enrols this one anew.',
  );

/**
 * Only the living copy of a till is told anything: one that was stopped, and one that another incarnation
 * replaced, are not.
 *
 * @param incarnation The one that the asker says it is; undefined where its message has no place for that.
 * @throws CentreRefusal `till_lost` or `till_forked`.
 */
export function assertLiving(till: TillRow, incarnation: number | undefined): void {
  if (till.state === 'lost') throw tillLost();
  const isReplaced = incarnation !== undefined && incarnation !== till.incarnation;
  if (till.state !== 'live' || isReplaced) throw otherGoesOn();
}
