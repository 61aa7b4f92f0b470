import { useStore } from 'zustand';
import type { InboxItem } from '../../../electron/contract/inbox.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { HeldForm } from './held-form.tsx';
import type { InboxStore } from './inbox-store.ts';
import styles from './inbox.module.css';
import { opName } from '../../lib/op-name.ts';
import layout from '../../ui/list-and-detail.module.css';
import { PersonCard } from './person-card.tsx';
import { placeText, valueText } from './what-happened.ts';

export type OpenMember = (memberId: InboxItem['people'][number]['memberId']) => void;
export type EvidenceProps = Readonly<{
  store: InboxStore;
  item: InboxItem;
  till: TillView;
  onOpenMember: OpenMember;
}>;

/** What is known of an item: both values, both people, the held action, the actions that differ. */
export function Evidence({ store, item, till, onOpenMember }: EvidenceProps) {
  const { t } = useWords();
  const held = useStore(store, (state) => state.held);
  const { people, sides, detail } = item;
  return (
    <>
      {sides !== null && <Sides sides={sides} />}
      {held !== null && <HeldForm store={store} held={held} till={till} />}
      {detail.kind === 'day_differs' && <DayDifferences detail={detail} />}
      {people.length > 0 && (
        <div
          className={styles['people']}
          data-count={people.length}
          aria-label={t('inbox.people')}
          role="group"
        >
          {people.map((person) => (
            <PersonCard
              key={person.memberId}
              person={person}
              isBeside={people.length > 1}
              onOpen={() => onOpenMember(person.memberId)}
            />
          ))}
        </div>
      )}
    </>
  );
}

/** The value that counts and the other one: what, who, where, when. */
function Sides({ sides }: Readonly<{ sides: NonNullable<InboxItem['sides']> }>) {
  const words = useWords();
  const { t, formats } = words;
  return (
    <div className={styles['sides']}>
      {sides.map((side, at) => (
        <div key={at} className={styles['side']} data-testid={at === 0 ? 'value-kept' : 'value-other'}>
          <p className={layout['soft']}>{t(at === 0 ? 'inbox.kept' : 'inbox.other')}</p>
          <p className={styles['value']}>{valueText(words, side.value)}</p>
          <p className={layout['soft']}>
            {side.actorName} · {placeText(words, side.place)}
            <br />
            {formats.moment(side.atMs)}
          </p>
        </div>
      ))}
    </div>
  );
}

type DayDetail = Extract<InboxItem['detail'], { kind: 'day_differs' }>;
const WHATS = ['missing', 'extra', 'other_content', 'not_booked', 'other_units'] as const;

function DayDifferences({ detail }: Readonly<{ detail: DayDetail }>) {
  const words = useWords();
  const { t } = words;
  const { differences, differenceCount } = detail;
  const more = differenceCount - differences.length;
  return (
    <ul className={styles['own']} data-testid="day-differences">
      {differences.map(({ tseq, kind, what }) => {
        const known = WHATS.find((each) => each === what);
        return (
          <li key={`${tseq} ${what}`}>
            {t('close.item', { number: tseq })}
            {kind !== '' && ` · ${opName(words, kind)}`} ·{' '}
            {known === undefined ? what : t(`close.what.${known}`)}
          </li>
        );
      })}
      {more > 0 && <li>{t('inbox.moreDifferences', { count: more })}</li>}
    </ul>
  );
}
