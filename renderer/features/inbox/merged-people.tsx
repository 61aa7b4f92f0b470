import type { SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { InboxPerson } from '../../../electron/contract/inbox.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './inbox.module.css';
import type { MergedStore } from './merged-store.ts';

const REASON_SIGNS_MAX = 200;

/** On a member's page: each profile that is hers since a merge, and how to part the two again. */
export function MergedPeople({ store }: Readonly<{ store: MergedStore }>) {
  const { people } = useStore(store);
  if (people.length === 0) return null;
  return (
    <div className={styles['merged']} data-screen-only>
      {people.map((person) => (
        <OneMerged key={person.memberId} store={store} person={person} />
      ))}
    </div>
  );
}

function OneMerged({ store, person }: Readonly<{ store: MergedStore; person: InboxPerson }>) {
  const { t } = useWords();
  const { parting, ask } = useStore(store);
  const mine = parting.status !== 'idle' && parting.from === person.memberId ? parting : null;
  const who = [person.name, person.mobile].filter((part) => part !== '').join(' · ');
  if (mine?.status === 'done') {
    return (
      <Notice
        tone="wait"
        title={t('merged.parting', { who })}
        detail={t('merged.partingNext')}
        testId="parting"
      />
    );
  }
  return (
    <Notice
      icon="people"
      tone="plain"
      title={t('merged.title', { who })}
      detail={t('merged.next')}
      testId="merged-person"
    >
      {mine === null ? (
        <Button onPress={() => ask(person.memberId)} testId="part">
          {t('merged.part')}
        </Button>
      ) : (
        <PartForm store={store} />
      )}
    </Notice>
  );
}

function PartForm({ store }: Readonly<{ store: MergedStore }>) {
  const { t, failure } = useWords();
  const { parting, reason, typeReason, cancel, part } = useStore(store);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void part();
  };
  return (
    <form className={styles['form']} onSubmit={submit} noValidate aria-label={t('merged.part')}>
      {parting.status === 'failed' && <FailureNotice words={failure(parting.failure)} />}
      <Field
        label={t('inbox.reason')}
        value={reason}
        onChange={typeReason}
        maxLength={REASON_SIGNS_MAX}
        name="part-reason"
        isRequired
        isFirst
      />
      <div className={layout['deeds']}>
        <Button onPress={cancel}>{t('inbox.notYet')}</Button>
        <Button
          look="primary"
          onPress={() => void part()}
          isDisabled={reason.trim() === '' || parting.status === 'busy'}
          testId="part-say"
        >
          {t('merged.part')}
        </Button>
      </div>
    </form>
  );
}
