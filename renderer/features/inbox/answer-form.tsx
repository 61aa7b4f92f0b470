import { useEffect, useRef, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { OwnPin } from '../../parts/own-pin.tsx';
import { SecondPersonFields } from '../../parts/second-person.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Field } from '../../ui/field.tsx';
import layout from '../../ui/list-and-detail.module.css';
import type { Choice } from './choices.ts';
import type { InboxStore } from './inbox-store.ts';
import styles from './inbox.module.css';

const REASON_SIGNS_MAX = 200;

export type AnswerFormProps = Readonly<{
  store: InboxStore;
  choice: Choice;
  label: string;
  till: TillView;
}>;

/** Under the answer that was chosen: why, where it is for good, and the manager's PIN. Enter says it. */
export function AnswerForm({ store, choice, label, till }: AnswerFormProps) {
  const { t, failure } = useWords();
  const { saying, reason, pin, second, typeReason, typePin, typeSecond, say, cancel } = useStore(store);
  const { needsReason, needsSecond } = choice;
  const decimals = till.chain?.currencyDecimals ?? 2;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Below the fold of a long item it would ask nobody, and a refusal stands above its field.
    form.current?.scrollIntoView({ block: 'nearest' });
  }, [saying.status]);
  const isBacked = !needsSecond || (second.login.trim() !== '' && second.pin !== '');
  const isReady = pin !== '' && isBacked && (!needsReason || reason.trim() !== '');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady) void say(decimals);
  };
  return (
    <form
      ref={form}
      className={styles['form']}
      onSubmit={submit}
      noValidate
      aria-label={label}
      data-testid="answer-form"
    >
      {saying.status === 'failed' && <FailureNotice words={failure(saying.failure)} />}
      <div className={styles['fields']}>
        {needsReason && (
          <Field
            label={t('inbox.reason')}
            value={reason}
            onChange={typeReason}
            maxLength={REASON_SIGNS_MAX}
            name="reason"
            isRequired
            isFirst
          />
        )}
        <OwnPin pin={pin} onPin={typePin} isRefused={saying.status === 'failed'} isFirst={!needsReason} />
      </div>
      {needsSecond && (
        <SecondPersonFields
          people={till.people}
          ownStaffId={till.session?.person.staffId}
          least="supervisor"
          login={second.login}
          pin={second.pin}
          onLogin={(login) => typeSecond({ login })}
          onPin={(typed) => typeSecond({ pin: typed })}
        />
      )}
      <div className={layout['deeds']}>
        <Button onPress={cancel}>{t('inbox.notYet')}</Button>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        <Button
          look="primary"
          onPress={() => void say(decimals)}
          isDisabled={!isReady || saying.status === 'busy'}
          testId="answer-say"
        >
          {label}
        </Button>
      </div>
    </form>
  );
}
