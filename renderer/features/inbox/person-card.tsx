import type { InboxPerson } from '../../../electron/contract/inbox.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Facts } from '../../ui/facts.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './inbox.module.css';

export type PersonCardProps = Readonly<{
  person: InboxPerson;
  /** Somebody else stands beside: then what tells the two apart is shown, else only who it is. */
  isBeside: boolean;
  /** To her page, where what an answer can not do is done; null where the one at hand is not to be left. */
  onOpen: (() => void) | null;
}>;

/** One profile, with what tells it from another one. */
export function PersonCard({ person, isBeside, onOpen }: PersonCardProps) {
  const { t, formats, units, cardName } = useWords();
  const nowMs = useNow(60_000);
  if (!person.isHere) {
    return (
      <section className={styles['person']} data-testid="inbox-person">
        <p className={layout['soft']}>{t('inbox.notHere')}</p>
      </section>
    );
  }
  const { name, mobile, email, dateOfBirth, lookupId, state, cards, lastVisitAtMs } = person;
  const visit = lastVisitAtMs === null ? '' : formats.ago(lastVisitAtMs, nowMs);
  const who: readonly (readonly [string, string])[] = [
    [t('field.mobile'), mobile],
    [t('field.lookupId'), lookupId],
    [t('inbox.lastVisit'), visit],
  ];
  const all: readonly (readonly [string, string])[] = [
    [t('field.mobile'), mobile],
    [t('field.email'), email],
    [t('field.dateOfBirth'), dateOfBirth === null ? '' : formats.day(dateOfBirth)],
    [t('field.lookupId'), lookupId],
    [t('inbox.joined'), `${formats.moment(person.createdAtMs)} · ${person.storeName}`],
    [t('inbox.lastVisit'), visit],
  ];
  const facts = isBeside ? all : who;
  return (
    <section className={styles['person']} data-testid="inbox-person">
      <h3 className={styles['name']}>
        {name}
        {state !== 'active' && <Pill tone="warn">{t(`state.${state}`)}</Pill>}
      </h3>
      <Facts rows={facts} className={styles['facts']} />
      <ul className={styles['cards']}>
        {cards.map((card) => (
          <li key={card.cardNumber}>
            <span>
              {cardName(card)} <span className={layout['soft']}>…{card.cardNumber.slice(-4)}</span>
            </span>
            <b>{units(card.balance, card.unit)}</b>
          </li>
        ))}
        {cards.length === 0 && <li className={layout['soft']}>{t('hit.noCards')}</li>}
      </ul>
      {onOpen !== null && (
        <Button look="quiet" onPress={onOpen} testId="inbox-open-member">
          {t('inbox.openMember')}
        </Button>
      )}
    </section>
  );
}
