import { AppError } from '../contract/errors.ts';
import type { EventName } from '../contract/events.ts';
import { contract, type Input, type MethodName } from '../contract/index.ts';
import type { Session } from '../contract/till.ts';
import type { Core, Ctx } from './ctx.ts';

/**
 * `page`: a till's screen, whose reads need a signed-in person too. `support`: the command line of this computer's
 * user. `office`: one of several people's pages in a browser.
 */
export type Trust = 'page' | 'support' | 'office';

/** Who works at one port, and what may be asked and heard there. */
export interface Seat {
  /** Who is signed in at this moment. */
  session(): Session | null;
  signIn(input: Input<'session.signIn'>): Promise<Session>;
  signOut(): void;
  /** @throws AppError When nobody may ask it here, or somebody must sign in first. */
  assertAccess(method: MethodName): void;
  /** True when the event is for this port. */
  hears(name: EventName): boolean;
  /** The core as the handlers of this port's calls see it. */
  ctx(): Ctx;
  /** The port is gone. */
  leave(): void;
}

/** Shows what files say of people: for those who may read them. */
export const HEARD_BY_MANAGERS: ReadonlySet<EventName> = new Set<EventName>(['imports.changed']);

export const signInRequired = (): AppError =>
  new AppError('signin_required', 'Somebody must sign in first. Nothing was done.');

/** The one screen of a till, or support's command line beside it. */
export function takeTillSeat(core: Core, trust: 'page' | 'support'): Seat {
  const place = trust === 'page' ? 'till' : trust;
  let session: Session | null = trust === 'page' ? core.sessions.resume() : null;
  return {
    session: () => session,
    signIn: async ({ login, pin }) => {
      const use = { act: 'sign_in', place } as const;
      const asked = await core.sessions.check(login, pin, use);
      core.sessions.note(asked.person.staffId, use, 'right');
      session = asked;
      if (trust === 'page') core.sessions.keep(session);
      core.publish('till.changed', {});
      if (trust === 'page') core.scans.release();
      return session;
    },
    signOut: () => {
      session = null;
      if (trust === 'page') core.sessions.forget();
      core.publish('till.changed', {});
    },
    assertAccess: (method) => {
      const { access } = contract[method];
      const isFree = access === 'open' || (access === 'read' && trust === 'support');
      if (!isFree && session === null) throw signInRequired();
    },
    hears: (name) => !HEARD_BY_MANAGERS.has(name) || session?.person.role === 'manager',
    ctx: () => ({ ...core, session, place }),
    leave: () => undefined,
  };
}
