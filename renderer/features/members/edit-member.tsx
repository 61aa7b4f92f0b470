import type { SubmitEvent } from 'react';
import { useStore } from 'zustand';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { Tick } from '../../ui/tick.tsx';
import { genderOptions } from '../../lib/member-fields.ts';
import { EDIT_FIELDS, type EditStore } from './edit-store.ts';
import styles from './edit-member.module.css';
import { isSupervisor, type Role } from './may.ts';

export type EditMemberProps = Readonly<{ store: EditStore; role: Role; onClose: () => void }>;

/** Profile fields. Only what was changed is sent, so that a change made elsewhere meanwhile lives on. */
export function EditMember({ store, role, onClose }: EditMemberProps) {
  const { t, failure } = useWords();
  const { editing, type, choose, save } = useStore(store);
  if (editing.status === 'closed') return null;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void save();
  };
  const { texts, choices } = editing.now;
  const fields = EDIT_FIELDS.filter((field) => field !== 'tier' || isSupervisor(role));
  return (
    <form className={styles['page']} onSubmit={submit} noValidate data-testid="edit-member">
      <header>
        <h1 className={styles['title']}>{t('edit.title')}</h1>
        <p className={styles['lead']}>{t('edit.lead')}</p>
      </header>
      <div className={styles['fields']}>
        {fields.map((field, at) => (
          <Field
            key={field}
            label={t(`field.${field}`)}
            value={texts[field]}
            onChange={(text) => type(field, text)}
            inputMode={field === 'mobile' || field === 'phone' ? 'tel' : 'text'}
            isFirst={at === 0}
            name={field}
          />
        ))}
        <Choices
          label={t('field.gender')}
          value={choices.gender}
          onChange={(gender) => choose({ gender })}
          options={genderOptions({ t })}
        />
      </div>
      {isSupervisor(role) && (
        <Tick
          isOn={choices.isCreditAllowed}
          onChange={(isCreditAllowed) => choose({ isCreditAllowed })}
          hint={t('enrol.allowCreditHint')}
        >
          {t('enrol.allowCredit')}
        </Tick>
      )}
      {editing.failure && <FailureNotice words={failure(editing.failure)} />}
      <div className={styles['buttons']}>
        <Button
          look="primary"
          size="large"
          hotkey="Enter"
          onPress={() => void save()}
          isDisabled={editing.status === 'busy'}
        >
          {t('edit.save')}
        </Button>
        <Button size="large" hotkey="Esc" onPress={onClose}>
          {t('keys.cancel')}
        </Button>
      </div>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}
