import { skipReasonOf, type Addressee } from '../../sync/merge/messages.ts';
import type { Segment } from '../../sync/model/segment.ts';
import type { MessageTemplate } from '../../sync/model/template.ts';
import type { RfmBorders } from '../../sync/segments/rfm.ts';
import type { Centre } from '../centre.ts';
import type { Sql } from '../database.ts';
import { findDocument } from '../repos/documents.ts';
import {
  hasChoosing,
  insertSends,
  lockChoosing,
  saveChosen,
  setMessageState,
  type NewSend,
  type OpenMessage,
} from '../repos/messages.ts';
import { bordersFor, nextInSegment, PEOPLE_PER_PAGE } from './recipients.ts';

/** Who gets nothing is noted at once: only the others are sent to, one by one, and looked at again then (N20). */
const toSend =
  (template: MessageTemplate) =>
  (person: Addressee): NewSend => ({
    memberId: person.row.memberId,
    skipReason: skipReasonOf(person, template) ?? '',
  });

interface Page {
  open: OpenMessage;
  segment: Segment;
  template: MessageTemplate;
  borders: RfmBorders;
  nowMs: number;
  limit: number;
}

/** Writes down the next people of a segment. @returns False behind the last. */
async function choosePage(tx: Sql, { open, template, ...wanted }: Page): Promise<boolean> {
  const { people, last } = await nextInSegment(tx, open.chosenAfter, wanted);
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
  /** Fifths of the chain for the message that is being chosen: they are drawn over everybody. */
  let drawn: { opId: string; borders: RfmBorders } | null = null;
  const bordersOf = async (tx: Sql, opId: string, segment: Segment): Promise<RfmBorders> => {
    if (drawn?.opId !== opId) drawn = { opId, borders: await bordersFor(tx, segment) };
    return drawn.borders;
  };
  return async (): Promise<boolean> => {
    if (!(await hasChoosing(database.sql))) return false;
    return database.transaction(async (tx) => {
      const open = await lockChoosing(tx);
      if (open === undefined) return false;
      const { opId, memberId, segmentId, templateId } = open;
      if (memberId !== null) await insertSends(tx, open, [{ memberId, skipReason: '' }]);
      const segment = memberId === null ? await findDocument(tx, 'segment', segmentId) : undefined;
      const template = await findDocument(tx, 'template', templateId);
      if (segment !== undefined && template !== undefined) {
        const borders = await bordersOf(tx, opId, segment);
        const page = { open, segment, template, borders, nowMs: clock.nowMs(), limit };
        if (await choosePage(tx, page)) return true;
      }
      await setMessageState(tx, opId, 'sending');
      return true;
    });
  };
}
