import { answerItem } from '../../../../crm/inbox/answers.ts';
import { nodeCrypto } from '../../../../crm/node-crypto.ts';
import { listInbox } from '../../../../crm/repos/inbox.ts';
import { must } from '../../../../sync/base/must.ts';
import type { StaffId } from '../../../../sync/base/ids.ts';
import type { InboxAnswer, InboxView } from '../../../../sync/protocol/inbox.ts';
import type { PenCentre } from '../../../parts/pen.ts';

/** Open items, oldest first. */
export const openItems = async (centre: PenCentre): Promise<InboxView[]> =>
  (await listInbox(centre.database.sql, { state: 'open', after: '', limit: 5_000 })).items;

/** A manager answers. */
export const answerAs =
  (centre: PenCentre, managerId: string) =>
  (item: InboxView | undefined, said: InboxAnswer, reason = ''): Promise<void> =>
    centre.runUnit((store) =>
      answerItem(
        store,
        { id: must(item, 'an item').id, managerId: managerId as StaffId, reason, answer: said },
        { crypto: nodeCrypto, nowMs: centre.nowMs },
      ),
    );

/** The manager `boss` answers. */
export const answer = (centre: PenCentre, item: InboxView | undefined, said: InboxAnswer): Promise<void> =>
  answerAs(centre, 'boss')(item, said);
