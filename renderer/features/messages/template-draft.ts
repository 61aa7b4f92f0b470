import { MessageTemplate, type MessageChannel } from '../../../sync/model/template.ts';

/** A template as it stands in the form. */
export interface TemplateDraft {
  /** '' for a new one. */
  readonly templateId: string;
  readonly baseVersion: number;
  readonly name: string;
  readonly channel: MessageChannel;
  readonly purpose: MessageTemplate['purpose'];
  readonly subject: string;
  readonly body: string;
}
export type DraftField = 'name' | 'subject' | 'body';

export const EMPTY_DRAFT: TemplateDraft = {
  templateId: '',
  baseVersion: 0,
  name: '',
  channel: 'email',
  purpose: 'marketing',
  subject: '',
  body: '',
};

export const draftOf = (template: MessageTemplate): TemplateDraft => {
  const { templateId, version, name, channel, purpose, subject, body } = template;
  return { templateId, baseVersion: version, name, channel, purpose, subject, body };
};

/** The template that the form says, as the next version of it. */
export function toTemplate(draft: TemplateDraft, templateId: string): MessageTemplate {
  const { baseVersion, channel, ...texts } = draft;
  const subject = channel === 'email' ? draft.subject : '';
  return { ...texts, channel, subject, templateId, version: baseVersion + 1, isRetired: false };
}

/** Fields that can not stay so. A subject is wanted of an e-mail, which the shape does not know. */
export function problemsOf(draft: TemplateDraft): readonly DraftField[] {
  const read = MessageTemplate.safeParse(toTemplate(draft, 'draft'));
  const wrong = read.success ? [] : read.error.issues.map(({ path }) => String(path[0]));
  if (draft.channel === 'email' && draft.subject.trim() === '') wrong.push('subject');
  return (['name', 'subject', 'body'] as const).filter((field) => wrong.includes(field));
}
