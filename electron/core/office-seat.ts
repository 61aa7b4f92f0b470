import { AppError } from '../contract/errors.ts';
import type { EndReason, EventName, EventOf } from '../contract/events.ts';
import type { MethodName } from '../contract/index.ts';
import type { Port } from '../contract/port.ts';
import type { Session } from '../contract/till.ts';
import type { Core, Ctx } from './ctx.ts';
import { toDecodeRules } from './devices/scan-rules.ts';
import { toPerson } from './directory.ts';
import { createScanFlow } from './scan-flow.ts';
import { HEARD_BY_MANAGERS, signInRequired, type Seat } from './seat.ts';
import type { TillSettings } from './till-settings.ts';

/** All that a page may ask before somebody has signed in: enough to draw the sign-in. */
export const OFFICE_OPEN: ReadonlySet<MethodName> = new Set<MethodName>([
  'core.ping',
  'till.get',
  'sync.getStatus',
  'session.signIn',
  'session.signOut',
]);

/** What is of a counter: its set-up, its scanners, the close of its day. */
export const OFFICE_REFUSES: ReadonlySet<MethodName> = new Set<MethodName>([
  'till.enrol',
  'scanner.get',
  'scanner.set',
  'devices.list',
  'devices.assign',
  'devices.forget',
  'devices.identify',
  'devices.tone',
  'devices.learn.start',
  'devices.learn.stop',
  'devices.diagnosis',
  'devices.setRules',
  'day.close',
]);

/** Of the program and its files; a person who serves members needs none of it. */
const FOR_MANAGERS: ReadonlySet<MethodName> = new Set<MethodName>(['till.verify', 'till.diagnose']);

/** What says nothing about anybody. */
const HEARD_BY_ALL: ReadonlySet<EventName> = new Set<EventName>(['till.changed', 'sync.changed']);
/** Of a counter, or of one person alone, who is told at her own port. */
const HEARD_BY_NONE: ReadonlySet<EventName> = new Set<EventName>([
  'scan.resolved',
  'scanner.changed',
  'devices.changed',
  'devices.learned',
  'devices.rulesChanged',
  'session.ended',
]);

const SIGN_IN = { act: 'sign_in', place: 'office' } as const;

/** How the core ends a session that nobody signs out of. */
export interface OfficeSeat extends Seat {
  end(reason: EndReason): void;
}

const settingsOf = (settings: TillSettings, session: Session | null): TillSettings => {
  if (session === null) return settings;
  const { staffId } = session.person;
  return {
    ...settings,
    preferences: () => settings.preferencesOf(staffId),
    setPreferences: (preferences) => settings.setPreferencesOf(staffId, preferences),
  };
};

/** @throws AppError `till_only`, `signin_required`, `not_allowed`. */
function assertOpenTo(
  method: Parameters<OfficeSeat['assertAccess']>[0],
  session: () => Session | null,
): void {
  if (OFFICE_REFUSES.has(method)) {
    throw new AppError('till_only', `"${method}" is done at a till, not here. Nothing was done.`);
  }
  if (OFFICE_OPEN.has(method)) return;
  const now = session();
  if (now === null) throw signInRequired();
  if (FOR_MANAGERS.has(method) && now.person.role !== 'manager') {
    throw new AppError('not_allowed', 'Only a manager may look at this. Nothing was done.');
  }
}

/**
 * One page of an office. A person is signed in at one of them at a time; what she may do is looked up at each call, so
 * that a change of role, of PIN or of the staff list counts at once.
 */
export function takeOfficeSeat(core: Core, port: Port): OfficeSeat {
  let held: { session: Session; pinHash: string } | null = null;
  let hasLeft = false;
  const tell = <Name extends EventName>(name: Name, data: EventOf<Name>): void =>
    port.post({ t: 'event', name, data });
  const letGo = (): void => {
    if (held !== null) core.sessions.letGo(held.session.person.staffId, seat);
    held = null;
  };
  const end = (reason: EndReason): void => {
    if (held === null) return;
    letGo();
    tell('session.ended', { reason });
    tell('till.changed', {});
  };
  const session = (): Session | null => {
    if (held === null) return null;
    const staff = core.directory.staff(held.session.person.staffId);
    if (staff === undefined || staff.isGone || staff.pinHash !== held.pinHash) {
      end('gone');
      return null;
    }
    // The same object throughout: what this session has open hangs on it (`sight.ts`).
    held.session.person = toPerson(staff);
    return held.session;
  };
  /** Her own new PIN, saved at this page. Only as it stands now: a press that came again changed nothing. */
  const keepSession = (staffId: string, pinHash: string): void => {
    if (held?.session.person.staffId !== staffId) return;
    if (core.directory.staff(held.session.person.staffId)?.pinHash === pinHash) held.pinHash = pinHash;
  };
  const ctx = (): Ctx => {
    const now = session();
    return { ...core, session: now, settings: settingsOf(core.settings, now), scans, keepSession };
  };
  const scans = createScanFlow(
    () => ({ ...ctx(), publish: tell }),
    () => toDecodeRules(core.settings.scanRules(), core.directory.chain()?.cardPrefix),
  );
  const seat: OfficeSeat = {
    session,
    signIn: async ({ login, pin, takesOver = false }) => {
      const asked = await core.sessions.check(login, pin, SIGN_IN);
      if (hasLeft) throw new AppError('core_stopped', 'The page that asked is gone. Nobody was signed in.');
      const { staffId } = asked.person;
      core.sessions.take(staffId, seat, takesOver);
      core.sessions.note(staffId, SIGN_IN, 'right');
      if (held !== null && held.session.person.staffId !== staffId) letGo();
      held = { session: { ...asked }, pinHash: core.directory.staff(staffId)?.pinHash ?? '' };
      tell('till.changed', {});
      return asked;
    },
    signOut: () => {
      letGo();
      tell('till.changed', {});
    },
    assertAccess: (method) => assertOpenTo(method, session),
    hears: (name) => {
      if (HEARD_BY_ALL.has(name)) return true;
      if (HEARD_BY_NONE.has(name)) return false;
      const role = session()?.person.role;
      return role === 'manager' || (role !== undefined && !HEARD_BY_MANAGERS.has(name));
    },
    ctx,
    leave: () => {
      hasLeft = true;
      letGo();
    },
    end,
  };
  return seat;
}
