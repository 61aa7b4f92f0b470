import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { useWords } from '../../lib/words.ts';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import {
  genderOptions,
  MORE_FIELDS,
  signsOf,
  type Gender,
  type ProfileField,
} from '../../lib/member-fields.ts';
import type { DraftProblem } from './draft.ts';
import styles from './enrolment-page.module.css';
import type { EnrolmentForm } from './enrolment-store.ts';

export type WhoFieldsProps = Readonly<{
  form: EnrolmentForm;
  problems: readonly DraftProblem[];
  onType: (field: ProfileField, text: string) => void;
  onGender: (gender: Gender) => void;
  /** Stands under the fields that it is about. */
  duplicates: ReactNode;
}>;

/** Name and mobile are what a till needs; the rest may stay empty. */
export function WhoFields({ form, problems, onType, onGender, duplicates }: WhoFieldsProps) {
  const { t } = useWords();
  const say = (problem: DraftProblem): string =>
    problems.includes(problem) ? t(`draftProblem.${problem}`) : '';
  const isTaken = form.duplicates.some(({ field: shared, isRefusal }) => shared === 'mobile' && isRefusal);
  const isSaying = form.join.status === 'checking' || form.join.status === 'failed';
  const mobileError = say('mobile') || (isTaken && isSaying ? t('duplicate.refusal') : '');
  const field = (name: ProfileField) => ({
    label: t(`field.${name}`),
    value: form.texts[name],
    onChange: (text: string) => onType(name, text),
    name,
  });
  return (
    <div className={styles['column']}>
      <div className={styles['pair']}>
        <Field {...field('lastName')} isRequired isFirst error={say('name')} />
        <Field {...field('firstName')} hint={t('enrol.nameHint')} />
      </div>
      <div className={styles['pair']}>
        <Field {...field('mobile')} isRequired inputMode="tel" error={mobileError} />
        <Field {...field('email')} inputMode="email" error={say('email')} />
      </div>
      {duplicates}
      <div className={styles['pair']}>
        <Field
          {...field('dateOfBirth')}
          placeholder={t('enrol.dateForm')}
          inputMode="numeric"
          error={say('dateOfBirth')}
        />
        <Choices
          label={t('field.gender')}
          value={form.gender}
          onChange={onGender}
          options={genderOptions({ t })}
        />
      </div>
      <Disclosure className={styles['fold'] ?? ''}>
        <Button slot="trigger" className={styles['foldButton'] ?? ''}>
          <Icon name="down" />
          {t('enrol.more')}
        </Button>
        <DisclosurePanel>
          <div className={styles['foldBody']}>
            <div className={styles['pair']}>
              {MORE_FIELDS.map((name) => (
                <Field key={name} {...field(name)} {...signsOf(name)} />
              ))}
            </div>
          </div>
        </DisclosurePanel>
      </Disclosure>
    </div>
  );
}
