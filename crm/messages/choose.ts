import { skipReasonOf, type Addressee } from '../../sync/merge/messages.ts';
import type { MessageTemplate } from '../../sync/model/template.ts';
import type { MessageTarget } from '../../sync/segments/message-target.ts';
import type { Centre } from '../centre.ts';
import type { Sql } from '../database.ts';
import { findDocument } from '../repos/documents.ts';
import {
  hasChoosing,
  insertSends,
  lockChoosing,
  refuseRest,
  saveChosen,
  setMessageState,
  type NewSend,
  type OpenMessage,
} from '../repos/messages.ts';
import { createTest, findTarget, nextMeant, PEOPLE_PER_PAGE } from './recipients.ts';

/** Who gets nothing is noted at once: only the others are sent to, one by one, and looked at again then (N20). */
const toSend =
  (template: MessageTemplate) =>
  (person: Addressee): NewSend => ({
    memberId: person.row.memberId,
    skipReason: skipReasonOf(person, template) ?? '',
  });

type IsMeant = Awaited<ReturnType<typeof createTest>>;

interface Page {
  open: OpenMessage;
  template: MessageTemplate;
  isMeant: IsMeant;
  limit: number;
}

/** Writes down the next people who are meant. @returns False behind the last. */
async function choosePage(tx: Sql, { open, template, ...wanted }: Page): Promise<boolean> {
  const { people, last } = await nextMeant(tx, open.chosenAfter, wanted);
  if (last === undefined) return false;
  await insertSends(tx, open, people.map(toSend(template)));
  await saveChosen(tx, open.opId, last);
  return true;
}

/**
 * Writes down who is to get one message, some thousands of people at a time: nobody else waits for a whole chain, and a
 * program that ends goes on where it was. Resolves false when nothing is to be chosen.
 */
export function createChooser(
  { database, clock }: Pick<Centre, 'database' | 'clock'>,
  limit = PEOPLE_PER_PAGE,
) {
  /** Of the message that is being chosen for: fifths of the chain are drawn over everybody, once. */
  let made: { opId: string; isMeant: IsMeant } | null = null;
  const testOf = async (tx: Sql, opId: string, target: MessageTarget): Promise<IsMeant> => {
    if (made?.opId !== opId) made = { opId, isMeant: await createTest(tx, target, clock.nowMs()) };
    return made.isMeant;
  };
  return async (): Promise<boolean> => {
    if (!(await hasChoosing(database.sql))) return false;
    return database.transaction(async (tx) => {
      const open = await lockChoosing(tx);
      if (open === undefined) return false;
      const { opId, memberId, templateId } = open;
      if (memberId !== null) await insertSends(tx, open, [{ memberId, skipReason: '' }]);
      const target = memberId === null ? await findTarget(tx, open) : undefined;
      if (typeof target === 'string') {
        await refuseRest(tx, opId, target);
        return true;
      }
      const template = await findDocument(tx, 'template', templateId);
      if (target !== undefined && template !== undefined) {
        const isMeant = await testOf(tx, opId, target);
        if (await choosePage(tx, { open, template, isMeant, limit })) return true;
      }
      await setMessageState(tx, opId, 'sending');
      return true;
    });
  };
}
