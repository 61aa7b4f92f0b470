import { z } from 'zod';
import { MemberId, OpId, StaffId } from '../base/ids.ts';
import { MessageChannel } from './template.ts';

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
