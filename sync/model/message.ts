import { z } from 'zod';
import { MemberId, OpId, StaffId } from '../base/ids.ts';
import { documentSum } from './chain.ts';
import { MessageChannel, type MessageTemplate } from './template.ts';

/**
 * Tells the text that somebody saw from another one under the same number: versions of two tills that wait for the line
 * have one. Counts what goes out and to whom it may; the name in the list does not.
 */
export const textSum = ({
  channel,
  purpose,
  subject,
  body,
}: Pick<MessageTemplate, 'channel' | 'purpose' | 'subject' | 'body'>): string =>
  documentSum({ channel, purpose, subject, body });

/** `maybe`: handed over when the answer got lost; it is never sent again by itself. */
export const SendState = z.enum(['queued', 'sending', 'sent', 'maybe', 'failed', 'skipped']);

/** What became of one person's message. Neither text nor address is kept. */
export const SendLine = z.object({
  memberId: MemberId,
  state: SendState,
  reason: z.string(),
  tries: z.int(),
  atMs: z.int(),
});
export type SendLine = z.infer<typeof SendLine>;

/** One message that was asked for, as the centre has it. */
export const MessageSummary = z.object({
  opId: OpId,
  templateId: z.string(),
  templateVersion: z.int(),
  channel: MessageChannel.or(z.literal('')),
  memberId: MemberId.nullable(),
  segmentId: z.string(),
  actorId: StaffId,
  askedAtMs: z.int(),
  state: z.enum(['choosing', 'sending', 'done', 'refused']),
  reason: z.string(),
  fates: z.array(z.object({ state: SendState, reason: z.string(), count: z.int() })),
});
export type MessageSummary = z.infer<typeof MessageSummary>;
