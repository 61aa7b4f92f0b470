import type { SignInRepo } from '../../db/till/types.ts';
import type { StaffId } from '../../sync/base/ids.ts';
import { isPinRight, type Scrypt } from '../../sync/base/pin.ts';
import { AppError } from '../contract/errors.ts';
import type { Session } from '../contract/till.ts';
import { toPerson, type Directory } from './directory.ts';
import type { CoreClock } from './system-clock.ts';
import type { TillSettings } from './till-settings.ts';

const FREE_TRIES = 4;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 30 * 60_000;
/** No person's: a login is never empty. */
const NO_LOGIN = '';
const NOBODYS_ID = '';
/** Stands in for an unknown person, so that a wrong name takes as long as a wrong PIN. */
const NOBODY = `scrypt$16384$8$1$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;

/**
 * Wait after `failures` wrong PINs in a row: none for the first four, then 30 s, doubling to half an hour.
 */
export const waitAfterMs = (failures: number): number =>
  failures < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE_TRIES));

/** Names that nobody has, kept apart from each other at an office; the oldest go first. */
const STRANGE_NAMES_MAX = 1_000;

interface Failures {
  count: number;
  upMs: number;
}

/**
 * Wrong tries by name. At a till all names that nobody has are counted together. At an office anybody may ask: there
 * such a name is counted like a person's, so that nothing tells who works there, and only in memory.
 */
function createFailures(settings: TillSettings) {
  const strange = new Map<string, Failures>();
  const isStrange = (isPerson: boolean): boolean => !isPerson && settings.enrolment()?.kind === 'office';
  return {
    of: (login: string, isPerson: boolean): Failures =>
      isStrange(isPerson)
        ? (strange.get(login) ?? { count: 0, upMs: 0 })
        : settings.pinFailures(isPerson ? login : NO_LOGIN),
    set: (login: string, isPerson: boolean, failures: Failures): void => {
      if (!isStrange(isPerson)) return settings.setPinFailures(isPerson ? login : NO_LOGIN, failures);
      strange.delete(login);
      strange.set(login, failures);
      const [oldest] = strange.keys();
      if (strange.size > STRANGE_NAMES_MAX && oldest !== undefined) strange.delete(oldest);
    },
  };
}

/** A page where somebody may be signed in, among several that different people use at once. */
interface Place {
  end(reason: 'elsewhere'): void;
}

/** What a PIN was shown for: to work here, to stand by somebody's act, to give oneself another PIN. */
export type PinAct = 'sign_in' | 'second' | 'own_pin';
/** `waits`: tried while wrong ones before it had to be waited out. `elsewhere`: right, and signed in at another page. */
export type PinOutcome = 'right' | 'wrong' | 'waits' | 'elsewhere';
/** Anybody can press for as long as there is a wait, and no PIN is looked at: that is told once. */
const COUNTS = { right: 'each', elsewhere: 'each', wrong: 'together', waits: 'once' } as const;
/** A script on the command line shows one for every call: a line of its own for each would push the others out. */
const countsOf = (outcome: PinOutcome, place: PinPlace) =>
  outcome === 'right' && place === 'support' ? 'together' : COUNTS[outcome];
export type PinPlace = 'till' | 'support' | 'office';
export interface PinUse {
  act: PinAct;
  place: PinPlace;
}

interface Parts {
  /** Where it is kept who showed a PIN. */
  signIns: SignInRepo;
  settings: TillSettings;
  directory: Directory;
  scrypt: Scrypt;
  clock: CoreClock;
  bootId: string;
}

/**
 * Who works at this till now. One session for the page, kept over a crash of the core; the command line has
 * its own, and so has each page of an office.
 */
export function createSessions({ signIns, settings, directory, scrypt, clock, bootId }: Parts) {
  const wrong = createFailures(settings);
  /** Keeps what came of a PIN. No name that was typed: where it is nobody's, it may be a PIN. */
  const note = (staffId: string, { act, place }: PinUse, outcome: PinOutcome): void => {
    const told = { atMs: Math.max(0, clock.nowMs()), staffId, act, outcome, place, memberId: '' };
    signIns.add(told, countsOf(outcome, place));
  };
  /**
   * Keeps it where it refuses; whoever goes on with a right one keeps that.
   *
   * @throws AppError `pin_wrong` or `pin_locked`. The failure is counted before the PIN is looked at.
   */
  const check = async (login: string, pin: string, use: PinUse): Promise<Session> => {
    const person = directory.staffByLogin(login);
    const isPerson = person !== undefined;
    const failures = wrong.of(login, isPerson);
    // By the machine's running time, which nobody can set. After a restart of the machine the wait begins anew.
    const upMs = Math.round(clock.monotonicMs());
    const sinceMs = failures.upMs <= upMs ? failures.upMs : 0;
    const leftMs = sinceMs + waitAfterMs(failures.count) - upMs;
    if (leftMs > 0) {
      const seconds = Math.ceil(leftMs / 1000);
      note(person?.staffId ?? NOBODYS_ID, use, 'waits');
      throw new AppError(
        'pin_locked',
        `Too many wrong PINs. Wait ${seconds} seconds, or let somebody else sign in.`,
        { waitSeconds: seconds },
      );
    }
    wrong.set(login, isPerson, { count: failures.count + 1, upMs });
    const isRight = await isPinRight(pin, person?.pinHash ?? NOBODY, scrypt);
    if (person === undefined || !isRight) {
      note(person?.staffId ?? NOBODYS_ID, use, 'wrong');
      throw new AppError('pin_wrong', 'Name or PIN is not right. Nothing else changed; try again.');
    }
    settings.clearPinFailures(login);
    return { person: toPerson(person), startedAtMs: clock.nowMs() };
  };

  const places = new Map<StaffId, Place>();
  return {
    check,
    note,
    /**
     * Of a person who is signed in at one of many pages: this is her page from now on.
     *
     * @throws AppError `signed_in_elsewhere` where she has another and does not take over; that one stays hers.
     */
    take: (staffId: StaffId, place: Place, takesOver: boolean): void => {
      const before = places.get(staffId);
      if (before !== undefined && before !== place && !takesOver) {
        note(staffId, { act: 'sign_in', place: 'office' }, 'elsewhere');
        throw new AppError(
          'signed_in_elsewhere',
          'This person is signed in at another page. Nothing was changed there; go on here to end it there.',
        );
      }
      if (before !== place) before?.end('elsewhere');
      places.set(staffId, place);
    },
    letGo: (staffId: StaffId, place: Place): void => {
      if (places.get(staffId) === place) places.delete(staffId);
    },
    keep: (session: Session): void =>
      settings.setSession({ bootId, staffId: session.person.staffId, startedAtMs: session.startedAtMs }),
    forget: (): void => settings.clearSession(),
    /** The session of this run of the app, if its person still works here. */
    resume: (): Session | null => {
      const stored = settings.session();
      if (stored === null || stored.bootId !== bootId) return null;
      const person = directory.staff(stored.staffId);
      return person === undefined || person.isGone
        ? null
        : { person: toPerson(person), startedAtMs: stored.startedAtMs };
    },
  };
}
export type Sessions = ReturnType<typeof createSessions>;
