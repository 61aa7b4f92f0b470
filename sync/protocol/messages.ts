import { z } from 'zod';
import { StaffId } from '../base/ids.ts';
import { MessageSummary, SendLine } from '../model/message.ts';
import { MessageChannel } from '../model/template.ts';

export const SENDS_SHOWN = 200;

export const MessagesReply = z.object({
  messages: z.array(MessageSummary),
  /** Channels that this centre can send over at all. */
  channels: z.array(MessageChannel),
});
export type MessagesReply = z.infer<typeof MessagesReply>;
export const SendsReply = z.object({ sends: z.array(SendLine) });
export type SendsReply = z.infer<typeof SendsReply>;

/** Who would get a message now, and who would not and why. */
export const RehearseRequest = z.strictObject({
  actorId: StaffId,
  templateId: z.string().max(40),
  segmentId: z.string().min(1).max(40),
  /** Of a saved filter: the version that is asked about. */
  filterVersion: z.int().min(1).optional(),
});
export type RehearseRequest = z.infer<typeof RehearseRequest>;
export const RehearseReply = z.object({
  willGet: z.int().min(0),
  willNot: z.array(z.object({ reason: z.string(), count: z.int().min(1) })),
});
export type RehearseReply = z.infer<typeof RehearseReply>;
