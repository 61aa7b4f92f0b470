import { useRef, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { DuplicateHit } from '../../../electron/contract/members.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import type { Policy } from '../../../sync/model/policy-text.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useWords } from '../../lib/words.ts';
import { AttributeField } from '../../parts/attribute-field.tsx';
import { ReadPolicy } from '../../parts/read-policy.tsx';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Tick } from '../../ui/tick.tsx';
import { customerTypeOptions } from '../../lib/member-fields.ts';
import { CardTypeTiles } from './card-type-tiles.tsx';
import { problemsOf, type DraftProblem } from './draft.ts';
import { DuplicateList } from './duplicate-list.tsx';
import styles from './enrolment-page.module.css';
import { isSendableNumber, type EnrolmentForm, type EnrolmentStore } from './enrolment-store.ts';
import { fieldsFor, heldBack } from './own-fields.ts';
import { useJoinPress } from './use-join-press.ts';
import { WhoFields } from './who-fields.tsx';

export type EnrolmentPageProps = Readonly<{
  store: EnrolmentStore;
  till: TillView;
  today: string;
  isSupervisor: boolean;
  onOpenMember: (memberId: DuplicateHit['memberId']) => void;
  /** Leaves the form as it is, to be gone on with. */
  onLeave: () => void;
  onDiscard: () => void;
}>;

/** Member and first card in one act. */
export function EnrolmentPage(props: EnrolmentPageProps) {
  const { store, till, today, isSupervisor, onOpenMember, onLeave, onDiscard } = props;
  const { t, failure } = useWords();
  const { form, type, typeCustom, set, join } = useStore(store);
  const root = useRef<HTMLFormElement>(null);
  const press = useJoinPress(root, form?.join.status, join);
  if (!form) return null;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    press();
  };
  const isSaying = form.join.status === 'checking' || form.join.status === 'failed';
  const problems: readonly DraftProblem[] = isSaying ? problemsOf(form.texts, today) : [];
  return (
    <form ref={root} className={styles['page']} onSubmit={submit} noValidate data-testid="enrolment">
      <header className={styles['head']}>
        <h1 className={styles['title']}>{t('enrol.title')}</h1>
        <p className={styles['lead']}>{t('enrol.lead')}</p>
      </header>
      <CardTypeTiles
        cardTypes={till.cardTypes}
        chosen={form.cardTypeId}
        onChoose={(cardTypeId) => set({ cardTypeId })}
      />
      <div className={styles['columns']}>
        <WhoFields
          form={form}
          problems={problems}
          onType={type}
          onGender={(gender) => set({ gender })}
          duplicates={<DuplicateList duplicates={form.duplicates} onOpen={onOpenMember} />}
        />
        <div className={styles['column']}>
          <Choices
            label={t('enrol.kind')}
            value={form.customerType}
            onChange={(customerType) => set({ customerType })}
            options={customerTypeOptions({ t })}
          />
          {form.cardTypeId !== null && (
            <Field
              label={t('cardNumber.label')}
              value={form.cardNumber}
              onChange={(cardNumber) => set({ cardNumber })}
              placeholder={t('cardNumber.next')}
              hint={t('cardNumber.hint', { count: till.cardStock })}
              inputMode="numeric"
              error={isSaying && !isSendableNumber(form.cardNumber) ? t('panelProblem.cardNumber') : ''}
              maxLength={24}
              name="card-number"
            />
          )}
          {fieldsFor(form, isSupervisor).map((attribute) => (
            <AttributeField
              key={attribute.attributeId}
              attribute={attribute}
              value={form.custom[attribute.attributeId] ?? ''}
              onChange={(text) => typeCustom(attribute.attributeId, text)}
              isSaying={isSaying}
            />
          ))}
          <Consents form={form} policy={till.chain} onSet={set} />
        </div>
      </div>
      <footer className={styles['foot']}>
        <HeldBack {...{ form, isSupervisor }} />
        {form.join.status === 'failed' && <FailureNotice words={failure(form.join.failure)} />}
        <div className={styles['buttons']}>
          <span className={styles['grow']}>
            <Button
              look="primary"
              size="large"
              hotkey="Enter"
              onPress={press}
              isDisabled={form.join.status === 'busy'}
              testId="join"
            >
              {t('enrol.join')}
            </Button>
          </span>
          <Button size="large" hotkey="Esc" onPress={onLeave}>
            {t('enrol.later')}
          </Button>
          <Button size="large" look="quiet" onPress={onDiscard}>
            {t('enrol.discard')}
          </Button>
        </div>
      </footer>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}

/** A sensitive value of whoever began the form: neither shown to who goes on with it, nor dropped without a word. */
function HeldBack({ form, isSupervisor }: Readonly<{ form: EnrolmentForm; isSupervisor: boolean }>) {
  const { t, named } = useWords();
  const held = heldBack(form, isSupervisor);
  if (held.length === 0) return null;
  return (
    <Notice
      tone="warn"
      title={t('enrol.heldBack', {
        names: held.map(({ name, nameZh }) => named(name, nameZh)).join(', '),
      })}
      detail={t('enrol.heldBackNext')}
      testId="held-back"
    />
  );
}

type ConsentsProps = Readonly<{
  form: EnrolmentForm;
  policy: Policy | null;
  onSet: (change: Partial<Pick<EnrolmentForm, 'hasMarketingConsent' | 'isCreditAllowed'>>) => void;
}>;

/** The basis of the service is always on and says its version; marketing and credit are the member's own choice. */
function Consents({ form, policy, onSet }: ConsentsProps) {
  const { t } = useWords();
  const version = policy?.policyVersion ?? '';
  return (
    <div className={styles['card']}>
      <Tick isOn isReadOnly onChange={() => undefined} hint={t('enrol.pdpaHint', { version })}>
        {t('enrol.pdpa')}
      </Tick>
      <ReadPolicy policy={policy} />
      <Tick
        isOn={form.hasMarketingConsent}
        onChange={(hasMarketingConsent) => onSet({ hasMarketingConsent })}
        hint={t('enrol.marketingHint')}
      >
        {t('enrol.marketing')}
      </Tick>
      <Tick
        isOn={form.isCreditAllowed}
        onChange={(isCreditAllowed) => onSet({ isCreditAllowed })}
        hint={t('enrol.allowCreditHint')}
      >
        {t('enrol.allowCredit')}
      </Tick>
    </div>
  );
}
