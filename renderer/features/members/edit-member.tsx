import type { SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { isPersonalMask } from '../../../sync/model/personal.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Tick } from '../../ui/tick.tsx';
import { customerTypeOptions, genderOptions, PROFILE_FIELDS, signsOf } from '../../lib/member-fields.ts';
import type { EditState, EditStore, EditTexts } from './edit-store.ts';
import styles from './edit-member.module.css';
import { isSupervisor, type Role } from './may.ts';

export type EditMemberProps = Readonly<{
  store: EditStore;
  role: Role;
  tiers: TillView['tiers'];
  onClose: () => void;
}>;

/** Profile fields. Only what was changed is sent, so that a change made elsewhere meanwhile lives on. */
export function EditMember({ store, role, tiers, onClose }: EditMemberProps) {
  const { t, failure } = useWords();
  const { editing, type, choose, save } = useStore(store);
  if (editing.status === 'closed') return null;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void save();
  };
  const { texts, choices } = editing.now;
  return (
    <form className={styles['page']} onSubmit={submit} noValidate data-testid="edit-member">
      <header>
        <h1 className={styles['title']}>{t('edit.title')}</h1>
        <p className={styles['lead']}>{t('edit.lead')}</p>
      </header>
      <div className={styles['fields']}>
        {PROFILE_FIELDS.map((field, at) => (
          <Field
            key={field}
            label={t(`field.${field}`)}
            value={texts[field]}
            onChange={(text) => type(field, text)}
            inputMode={field === 'mobile' || field === 'phone' ? 'tel' : 'text'}
            isFirst={at === 0}
            hint={isPersonalMask(editing.before.texts[field]) ? t('edit.masked') : undefined}
            name={field}
            {...signsOf(field)}
          />
        ))}
        <Choices
          label={t('field.gender')}
          value={choices.gender}
          onChange={(gender) => choose({ gender })}
          options={genderOptions({ t })}
        />
        <Choices
          label={t('enrol.kind')}
          value={choices.customerType}
          onChange={(customerType) => choose({ customerType })}
          options={customerTypeOptions({ t })}
        />
        {isSupervisor(role) && <TierFields {...{ texts, type, tiers }} />}
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

type TierFieldsProps = Readonly<{ texts: EditTexts; type: EditState['type']; tiers: TillView['tiers'] }>;

/** One of the chain's tiers, or none; one that the chain gives no more stays with who has it. */
function TierFields({ texts, type, tiers }: TierFieldsProps) {
  const { t, named } = useWords();
  const offered = tiers.filter(({ tierId, isRetired }) => !isRetired || tierId === texts.tier);
  const isStrange = texts.tier !== '' && !offered.some(({ tierId }) => tierId === texts.tier);
  const options = [
    { value: '', label: t('edit.noTier') },
    ...offered.map((tier) => ({ value: tier.tierId, label: named(tier.name, tier.nameZh) })),
    ...(isStrange ? [{ value: texts.tier, label: texts.tier }] : []),
  ];
  return (
    <>
      <Select
        label={t('field.tier')}
        value={texts.tier}
        options={options}
        onChange={(tierId) => type('tier', tierId)}
        name="tier"
      />
      {texts.tier !== '' && (
        <Field
          label={t('field.tierUntil')}
          value={texts.tierUntil}
          onChange={(day) => type('tierUntil', day)}
          hint={t('edit.tierUntilHint')}
          type="date"
          name="tierUntil"
        />
      )}
    </>
  );
}
