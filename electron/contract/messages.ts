import { z } from 'zod';
import { MemberId, OpId } from '../../sync/base/ids.ts';
import { MessageChannel } from '../../sync/model/template.ts';
import { MessageSummary, SendLine } from '../../sync/model/message.ts';
import { command, query, type Method } from './method.ts';

/** One member, or a segment, or a saved filter in place of one. */
const To = {
  memberId: MemberId.nullable(),
  segmentId: z.string().max(40),
  /** Of a saved filter: the version that its author saw; null for all else. */
  filterVersion: z.int().min(1).nullable().default(null),
};
const isOneOfBoth = ({ memberId, segmentId }: { memberId: string | null; segmentId: string }): boolean =>
  (memberId === null) === (segmentId !== '');

/** Asked for here, and not yet taken by the centre: it goes out when the line is up. */
export const WaitingMessage = z.strictObject({
  opId: OpId,
  templateId: z.string(),
  memberName: z.string(),
  segmentId: z.string(),
  askedAtMs: z.int(),
});
export type WaitingMessage = z.infer<typeof WaitingMessage>;

export const MessagesView = z.strictObject({
  line: z.enum(['up', 'down']),
  /** What the centre can send over; empty while the line is down. */
  channels: z.array(MessageChannel),
  waiting: z.array(WaitingMessage),
  /** Newest first; empty while the line is down. */
  messages: z.array(
    z.strictObject({ ...MessageSummary.shape, memberName: z.string(), actorName: z.string() }),
  ),
});
export type MessagesView = z.infer<typeof MessagesView>;

export const MessageCount = z.strictObject({
  /** Null: only the centre can count, and the line is down. */
  willGet: z.int().min(0).nullable(),
  willNot: z.array(z.strictObject({ reason: z.string(), count: z.int().min(1) })),
});
export type MessageCount = z.infer<typeof MessageCount>;

export const messages = {
  /** Works offline; the centre sends, and looks then at who agreed. */
  'messages.send': command(
    z
      .strictObject({
        opId: OpId,
        templateId: z.string().min(1).max(40),
        templateVersion: z.int().min(1),
        /** `textSum` of the text that its author sees. */
        templateSum: z.string().min(1).max(16),
        ...To,
      })
      .refine(isOneOfBoth, 'a member or a segment'),
    z.strictObject({ opId: OpId }),
  ),
  'messages.list': query(z.strictObject({}), MessagesView),
  /** What became of one message, those who need an eye first. */
  'messages.sends': query(
    z.strictObject({ opId: OpId }),
    z.strictObject({ sends: z.array(z.strictObject({ ...SendLine.shape, memberName: z.string() })) }),
  ),
  'messages.count': query(
    z
      .strictObject({ templateId: z.string().min(1).max(40), ...To })
      .refine(isOneOfBoth, 'a member or a segment'),
    MessageCount,
  ),
} satisfies Record<string, Method>;
