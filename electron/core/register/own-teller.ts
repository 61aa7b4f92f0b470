import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RegisterThread } from '../../../db/replica/register/register-host.ts';
import type { OwnMember } from '../../../db/replica/register/register-types.ts';
import type { ReplicaDb } from '../../../db/replica/types.ts';
import type { TillDb } from '../../../db/till/types.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import type { Overlay } from '../overlay.ts';
import { listOpenMembers, toOwnMember } from './own-members.ts';

/** What may be laid in one go: nobody who scans waits for longer. */
const LAY_MS_MAX = 4;

export interface ToldList {
  thread: RegisterThread;
  /** Members whom this till has told it of. */
  own: Set<MemberId>;
}

interface Files {
  till: TillDb;
  replica: () => ReplicaDb;
  overlay: Overlay;
}

interface Listening {
  /** The list that is told; null: none. */
  running: () => ToldList | null;
  onFault: (cause: unknown) => void;
}

/** Tells the list of members how this till's own open actions leave them. */
export function createOwnTeller({ till, replica, overlay }: Files, { running, onFault }: Listening) {
  let busy: Promise<void> = Promise.resolve();

  const layAll = async (memberIds: Iterable<MemberId>, told: ToldList): Promise<void> => {
    const members: OwnMember[] = [];
    const dropped: MemberId[] = [];
    let sinceMs = performance.now();
    for (const memberId of memberIds) {
      if (running() !== told) return;
      if (performance.now() - sinceMs > LAY_MS_MAX) {
        await nextTurn();
        sinceMs = performance.now();
      }
      const laid = overlay.lay(memberId);
      const root = laid?.member.memberId ?? memberId;
      if (laid !== undefined && laid.openOps.length > 0) {
        members.push(toOwnMember(laid));
        told.own.add(root);
      } else if (told.own.delete(root)) dropped.push(root);
    }
    if (members.length + dropped.length > 0) told.thread.setOwn(members, dropped);
  };
  /** Lays each and tells the list, a few at a time; one run after the other, so that the last word is the newest. */
  const tell = (memberIds: Iterable<MemberId>): void => {
    const told = running();
    if (told !== null) busy = busy.then(() => layAll(memberIds, told)).catch(onFault);
  };
  return {
    tell,
    tellAll: async (begun: ToldList): Promise<void> => {
      for (const memberIds of listOpenMembers(till, replica().meta().settled)) {
        if (running() !== begun) return;
        tell(memberIds);
        await nextTurn();
      }
    },
    /** Resolves when the list has heard what there is to tell by now. */
    told: (): Promise<void> => busy,
  };
}
