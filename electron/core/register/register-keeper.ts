import type { Logger } from 'pino';
import { type RegisterThread, startRegisterThread } from '../../../db/replica/register/register-host.ts';
import type { ReplicaDb } from '../../../db/replica/types.ts';
import type { TillDb } from '../../../db/till/types.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import type { DirectoryState } from '../../contract/directory.ts';
import type { Overlay } from '../overlay.ts';
import { createThreadLife, type ThreadLife } from '../thread-life.ts';
import { createOwnTeller, type ToldList } from './own-teller.ts';

interface Parts {
  till: TillDb;
  replica: () => ReplicaDb;
  overlay: Overlay;
  place: { path: string; keyHex: string };
  log: Logger;
}

interface Running extends ToldList {
  built: Promise<void>;
  isReady: boolean;
  /** Begun by the first who asks for cards. */
  cards: Promise<unknown> | null;
  areCardsReady: boolean;
}

const begin = (thread: RegisterThread): Running => ({
  ...{ thread, built: thread.build(), isReady: false, own: new Set() },
  ...{ cards: null, areCardsReady: false },
});

async function makeCards(begun: Running, told: () => Promise<void>): Promise<void> {
  await begun.built;
  await begun.thread.buildCards();
  await told();
  begun.areCardsReady = true;
}

/** When the list's thread begins and ends. */
function createListLife({ till, replica, overlay, place, log }: Parts) {
  const onFault = (cause: unknown): void => log.error({ err: cause }, 'the list of members broke off');
  const life: ThreadLife<Running> = createThreadLife<Running>({
    begin: () => begin(startRegisterThread(place, onFault)),
    threadOf: ({ thread }) => thread,
    replica,
    onFault,
    onBegun: (begun) => {
      begun.built.then(
        () => (begun.isReady = true),
        (cause: unknown) => {
          if (life.running() !== begun) return;
          onFault(cause);
          void life.end().catch(onFault);
        },
      );
      void own.tellAll(begun).catch(onFault);
    },
    onWrite: ({ thread, own: told }, change) => {
      if (change.kind === 'all') return void life.end().catch(onFault);
      thread.refresh(change.memberIds, change.accountNos);
      // The copy may have caught up with what this till did.
      own.tell([...told]);
    },
  });
  const own = createOwnTeller({ till, replica, overlay }, { running: life.running, onFault });
  return {
    /** The list, begun where it is not there. Null while another copy is put in place, and at the end. */
    get: life.get,
    own,
    /** Has the cards read, once. Where that fails, the file goes on to answer. */
    withCards: (begun: Running): Running => {
      begun.cards ??= makeCards(begun, own.told).catch((cause) => life.running() === begun && onFault(cause));
      return begun;
    },
    rest: life.rest,
    close: life.close,
  };
}

/**
 * The list of all members while somebody at a desk needs it: made in a thread, followed from then on with what the copy
 * and this till's own actions change, and let go when nobody has asked for a while.
 */
export function createRegisterKeeper(parts: Parts) {
  const { get, own, withCards, rest, close } = createListLife(parts);
  const stateOf = (now: Running | null): DirectoryState => ({
    isReady: now?.isReady === true,
    progress: now?.thread.progress() ?? 0,
  });
  return {
    state: (): DirectoryState => stateOf(get()),
    /** Once it is whole; null before. */
    ready: (): RegisterThread | null => {
      const now = get();
      return now?.isReady === true ? now.thread : null;
    },
    /** The same of its cards, which are read once somebody asks for them. */
    readyCards: (): RegisterThread | null => {
      const now = get();
      return now !== null && withCards(now).areCardsReady ? now.thread : null;
    },
    /** Waits until it is whole. @throws Error When it can not be made. */
    whole: async (): Promise<RegisterThread> => {
      const now = get();
      if (now === null) throw new Error('the list is not to be had just now');
      await now.built;
      await own.told();
      return now.thread;
    },
    /** This till did something about the member. */
    hearSaved: (memberId: MemberId): void => own.tell([memberId]),
    rest,
    close,
  };
}
export type RegisterKeeper = ReturnType<typeof createRegisterKeeper>;
