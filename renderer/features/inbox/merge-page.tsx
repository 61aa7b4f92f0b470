import { useEffect, useRef, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { InboxPerson } from '../../../electron/contract/inbox.ts';
import type { MemberView } from '../../../electron/contract/views.ts';
import { useWords, type Words } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { differingParts, textsOf, type MergePart } from './merge-fields.ts';
import { goesOf, keptFrom, staysOf, type Merging, type MergeStore, type Pair } from './merge-store.ts';
import styles from './merge-page.module.css';
import { PersonCard } from './person-card.tsx';

const REASON_SIGNS_MAX = 200;

export type MergePageProps = Readonly<{
  store: MergeStore;
  /** A tier's name in the language of the till. */
  tierName: (tierId: string) => string;
  onClose: () => void;
}>;

/** A manager's way to make one person of two profiles: found in the box, compared, and said why. */
export function MergePage({ store, tierName, onClose }: MergePageProps) {
  const { t } = useWords();
  const { merging, again } = useStore(store);
  if (merging.status === 'closed') return null;
  const isFinding = merging.status === 'finding';
  return (
    <div className={layout['page']} data-testid="merge">
      <header className={layout['head']}>
        <h1 className={layout['title']}>{t('merge.title')}</h1>
        <Button hotkey="Esc" onPress={isFinding ? onClose : again}>
          {t('keys.back')}
        </Button>
      </header>
      {isFinding ? <Finding finding={merging} /> : <PairForm {...{ store, merging, tierName }} />}
    </div>
  );
}

/** As she stands beside another one: every card but those that a newer one took over. */
const toPerson = (member: MemberView): InboxPerson => ({
  ...{ memberId: member.memberId, isHere: true, name: member.name, mobile: member.mobileText },
  ...{ email: member.fields.email ?? '', dateOfBirth: member.fields.dateOfBirth },
  ...{ lookupId: member.fields.lookupId, state: member.state, storeName: member.homeStore },
  ...{ createdAtMs: member.createdAtMs, lastVisitAtMs: member.lastVisitAtMs },
  cards: member.cards
    .filter(({ status }) => status !== 'replaced')
    .map(({ cardNumber, cardType, cardTypeZh, balance }) => ({
      ...{ cardNumber, cardType, cardTypeZh, unit: balance.unit },
      balance: balance.confirmed + balance.pending,
    })),
});

function Finding({ finding }: Readonly<{ finding: Extract<Merging, { status: 'finding' }> }>) {
  const { t, failure } = useWords();
  return (
    <>
      <Notice
        tone="plain"
        icon="search"
        title={t('merge.find')}
        detail={t('merge.findNext')}
        testId="merge-find"
      />
      {finding.isSame && (
        <Notice tone="warn" title={t('merge.same')} detail={t('merge.sameNext')} testId="merge-same" />
      )}
      {finding.isMasked && (
        <Notice tone="warn" title={t('merge.masked')} detail={t('merge.maskedNext')} testId="merge-masked" />
      )}
      {finding.failure !== null && <FailureNotice words={failure(finding.failure)} />}
      <div className={styles['people']}>
        <PersonCard person={toPerson(finding.own)} isBeside onOpen={null} />
      </div>
    </>
  );
}

/** What tells a profile from the other one in a few letters. */
const shortOf = ({ name, mobileText, fields }: MemberView): string =>
  `${name} · ${mobileText === '' ? fields.lookupId : mobileText}`;

type PairProps = Pick<MergePageProps, 'store' | 'tierName'> &
  Readonly<{ merging: Extract<Merging, { status: 'choosing' | 'busy' }> }>;

function PairForm({ store, merging, tierName }: PairProps) {
  const words = useWords();
  const { t, failure } = words;
  const { stay, typeReason, save } = store.getState();
  const { own, other, keepId, reason, status } = merging;
  const people = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The two are looked at first; what is asked stands under them, a Tab away.
    people.current?.focus();
  }, []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <form className={layout['stack']} onSubmit={submit} noValidate aria-label={t('merge.title')}>
      <div
        ref={people}
        className={styles['people']}
        role="group"
        aria-label={t('inbox.people')}
        tabIndex={-1}
      >
        {[own, other].map((each) => (
          <PersonCard key={each.memberId} person={toPerson(each)} isBeside onOpen={null} />
        ))}
      </div>
      <div className={styles['choices']} data-testid="merge-stays">
        <Choices
          label={t('merge.stays')}
          value={keepId}
          options={[own, other].map((each) => ({ value: each.memberId, label: shortOf(each) }))}
          onChange={stay}
        />
      </div>
      <Values {...{ store, merging, tierName }} />
      <Consequences pair={merging} words={words} />
      {merging.failure !== null && <FailureNotice words={failure(merging.failure)} />}
      <Field
        label={t('inbox.reason')}
        value={reason}
        onChange={typeReason}
        maxLength={REASON_SIGNS_MAX}
        name="merge-reason"
        isRequired
      />
      <div className={layout['deeds']}>
        <Button
          look="danger"
          onPress={() => void save()}
          isDisabled={reason.trim() === '' || status === 'busy'}
          testId="merge-save"
        >
          {t('merge.save', { name: staysOf(merging).name })}
        </Button>
        <Button onPress={store.getState().again}>{t('merge.again')}</Button>
      </div>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}

/** Each field in which the two differ: whose value stays. */
function Values({ store, merging, tierName }: PairProps) {
  const words = useWords();
  const { t } = words;
  const { own, other } = merging;
  const parts = differingParts(own.fields, other.fields);
  if (parts.length === 0) return null;
  return (
    <fieldset className={styles['values']} data-testid="merge-values">
      <legend>{t('merge.values')}</legend>
      {parts.map((part) => (
        <div key={part} data-part={part}>
          <Choices
            label={t(`merge.part.${part}`)}
            value={keptFrom(merging, part)}
            options={[own, other].map((each) => ({
              value: each.memberId,
              label: valueText(words, each, { part, tierName }),
            }))}
            onChange={(memberId) => store.getState().take(part, memberId)}
          />
        </div>
      ))}
    </fieldset>
  );
}

type Saying = Readonly<{ part: MergePart }> & Pick<MergePageProps, 'tierName'>;

function valueText(words: Words, { fields, mobileText }: MemberView, { part, tierName }: Saying): string {
  const { t, formats } = words;
  const none = t('merge.none');
  switch (part) {
    case 'isCreditAllowed':
      return t(fields.isCreditAllowed ? 'merge.yes' : 'merge.no');
    case 'gender':
      return t(`gender.${fields.gender === '' ? 'unsaid' : fields.gender}`);
    case 'customerType':
      return t(`directory.value.customerType.${fields.customerType}`);
    case 'mobile':
      return mobileText === '' ? none : mobileText;
    case 'dateOfBirth':
      return fields.dateOfBirth === null ? none : formats.day(fields.dateOfBirth);
    case 'tier': {
      if (fields.tier === '') return none;
      const until = fields.tierUntil === null ? [] : [formats.day(fields.tierUntil)];
      return [tierName(fields.tier), ...until].join(' · ');
    }
    case 'name':
    case 'prefix':
    case 'phone':
    case 'email':
    case 'lookupId':
    case 'address':
    case 'notes': {
      const text = textsOf(fields, part).join(part === 'name' ? ' ' : ', ');
      return text === '' ? none : text;
    }
  }
}

/** What the press does, and what of it can be taken back: said before it. */
function Consequences({ pair, words }: Readonly<{ pair: Pair; words: Words }>) {
  const { t, units, cardName } = words;
  const [stays, goes] = [toPerson(staysOf(pair)), toPerson(goesOf(pair))];
  return (
    <div className={styles['consequences']} role="status" data-testid="merge-consequences">
      <p>{t('merge.one', { stays: stays.name, goes: goes.name })}</p>
      <p>{t(goes.cards.length === 0 ? 'merge.noCards' : 'merge.cards', { count: goes.cards.length })}</p>
      <ul>
        {goes.cards.map((card) => (
          <li key={card.cardNumber}>
            {`${cardName(card)} · …${card.cardNumber.slice(-4)} · ${units(card.balance, card.unit)}`}
          </li>
        ))}
      </ul>
      {stays.state !== goes.state && (
        <p>
          {t('merge.state', {
            stays: t(`state.${stays.state}`),
            goes: t(`state.${goes.state}`),
          })}
        </p>
      )}
      <p>{t('merge.back')}</p>
    </div>
  );
}
