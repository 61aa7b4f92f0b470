import { useStore } from 'zustand';
import { MessageChannel, PLACEHOLDERS } from '../../../sync/model/template.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { MessagePreview } from './message-preview.tsx';
import type { MessagesStore } from './messages-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import { problemsOf, toTemplate, type TemplateDraft } from './template-draft.ts';

const PURPOSES = ['marketing', 'service'] as const;

type FormProps = Readonly<{ store: MessagesStore; draft: TemplateDraft; chainName: string }>;

/** What a template says, beside what somebody would read. */
export function TemplateForm({ store, draft, chainName }: FormProps) {
  const { t } = useWords();
  const { type, save, closeDraft } = store.getState();
  const isBusy = useStore(store, ({ act }) => act.status === 'busy');
  const problems = problemsOf(draft);
  const isEmail = draft.channel === 'email';
  const placeholders = PLACEHOLDERS.map((name) => `{{${name}}}`).join('  ');
  const bodyError = draft.body !== '' && problems.includes('body') ? t('messages.badText') : '';
  const subjectError = draft.subject !== '' && problems.includes('subject') ? t('messages.badText') : '';
  return (
    <div className={layout['body']} data-testid="template-form">
      <div className={layout['stack']}>
        <Field
          label={t('messages.name')}
          value={draft.name}
          onChange={(name) => type({ name })}
          maxLength={60}
          isRequired
          isFirst
          name="template-name"
        />
        <Choices
          label={t('messages.channel')}
          value={draft.channel}
          options={MessageChannel.options.map((value) => ({ value, label: t(`messages.by.${value}`) }))}
          onChange={(channel) => type({ channel })}
        />
        <Choices
          label={t('messages.purpose')}
          value={draft.purpose}
          options={PURPOSES.map((value) => ({ value, label: t(`messages.for.${value}`) }))}
          onChange={(purpose) => type({ purpose })}
        />
        <p className={layout['soft']}>{t(`messages.forNext.${draft.purpose}`)}</p>
        {isEmail && (
          <Field
            label={t('messages.subject')}
            value={draft.subject}
            onChange={(subject) => type({ subject })}
            maxLength={150}
            isRequired
            error={subjectError}
            name="template-subject"
          />
        )}
        <TextArea
          label={t('messages.body')}
          value={draft.body}
          onChange={(body) => type({ body })}
          rows={8}
          maxLength={2_000}
          hint={`${t('messages.placeholders')} ${placeholders}`}
          error={bodyError}
          name="template-body"
        />
        <div className={layout['deeds']}>
          <Button
            look="primary"
            onPress={() => void save()}
            isDisabled={isBusy || problems.length > 0}
            testId="template-save"
          >
            {t('messages.save')}
          </Button>
          <Button onPress={closeDraft}>{t('messages.cancel')}</Button>
        </div>
      </div>
      <MessagePreview template={toTemplate(draft, 'draft')} chainName={chainName} />
    </div>
  );
}
