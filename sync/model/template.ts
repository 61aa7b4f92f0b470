import { z } from 'zod';

export const MessageChannel = z.enum(['email', 'sms', 'whatsapp']);
export type MessageChannel = z.infer<typeof MessageChannel>;

/** What may stand in double braces; anything else is refused when a template is saved. */
export const PLACEHOLDERS = ['firstName', 'lastName', 'name', 'chain', 'unsubscribe'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];
export type MessageValues = Readonly<Record<Placeholder, string>>;

const BRACES = /\{\{([^{}]*)\}\}/g;
const namedIn = (text: string): string[] => [...text.matchAll(BRACES)].map(([, name = '']) => name.trim());
const isKnown = (name: string): name is Placeholder => (PLACEHOLDERS as readonly string[]).includes(name);
const hasKnownOnly = (text: string): boolean => namedIn(text).every(isKnown);

/** Signs that end a line or steer a program: in no subject and no value. */
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/u;
const STEERING_ALL = new RegExp(STEERING, 'gu');
/** A body has line breaks and tabs. */
const STEERING_BODY = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\p{Surrogate}]/u;

const KNOWN_ONLY = 'a placeholder that there is not';
/** A message prepared beforehand (F56): plain text, the same for everybody but for the placeholders. */
export const MessageTemplate = z.strictObject({
  templateId: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  version: z.int().min(1),
  name: z.string().trim().min(1).max(60),
  channel: MessageChannel,
  /** Marketing goes to who agreed to it; service is about something that the member asked for or bought. */
  purpose: z.enum(['marketing', 'service']),
  /** Of an e-mail; '' for the others. */
  subject: z
    .string()
    .trim()
    .max(150)
    .refine((text) => !STEERING.test(text), 'more than one line')
    .refine(hasKnownOnly, KNOWN_ONLY),
  body: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .refine((text) => !STEERING_BODY.test(text), 'signs that are no text')
    .refine(hasKnownOnly, KNOWN_ONLY),
  isRetired: z.boolean().default(false),
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;

/** A value on one line: nobody's name breaks a header or begins a line of its own. */
const plain = (value: string): string => value.replace(STEERING_ALL, ' ').trim();

const fill = (text: string, values: MessageValues): string =>
  // A value is put in as it is: braces in a name are no placeholders.
  text.replace(BRACES, (whole, name: string) =>
    isKnown(name.trim()) ? plain(values[name.trim() as Placeholder]) : whole,
  );

/**
 * The message for one person. The text of a marketing e-mail ends with the way out, whether its template names it or
 * not.
 */
export function renderMessage(
  template: Pick<MessageTemplate, 'subject' | 'body' | 'channel' | 'purpose'>,
  values: MessageValues,
): { subject: string; body: string } {
  const needsWayOut =
    template.channel === 'email' &&
    template.purpose === 'marketing' &&
    !namedIn(template.body).includes('unsubscribe');
  const body = needsWayOut ? `${template.body}\n\n{{unsubscribe}}` : template.body;
  return { subject: fill(template.subject, values), body: fill(body, values) };
}

/** Why somebody gets no message. */
export const SkipReason = z.enum([
  'no_consent',
  'no_address',
  'anonymised',
  'removed',
  'blocked',
  'unknown',
  'too_many',
  'merged',
]);
export type SkipReason = z.infer<typeof SkipReason>;
