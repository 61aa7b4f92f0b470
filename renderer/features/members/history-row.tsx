import type { EntryView } from '../../../electron/contract/views.ts';
import { useWords, type Words } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { join } from '../../ui/join.ts';
import styles from './history.module.css';
import { UNDO_MS } from './member-state.ts';

export type HistoryRowProps = Readonly<{
  entry: EntryView;
  place: Readonly<{ at: number; count: number }>;
  nowMs: number;
  /** Above, what became of the press offers to take it back. */
  isAbove: boolean;
  onUndo: (entry: EntryView) => void;
  onCounter: (entry: EntryView) => void;
  onEdit: (entry: EntryView) => void;
}>;

/** One movement: when, how much, what for, by whom, and whether the centre has it. */
export function HistoryRow({ entry, place, nowMs, isAbove, onUndo, onCounter, onEdit }: HistoryRowProps) {
  const words = useWords();
  const { t, formats, units } = words;
  // The list's clock may be a second behind the entry's.
  const secondsLeft = Math.min(UNDO_MS / 1000, Math.ceil((entry.wallMs + UNDO_MS - nowMs) / 1000));
  const isFresh = secondsLeft > 0;
  return (
    <div
      className={styles['row']}
      role="listitem"
      aria-setsize={place.count}
      aria-posinset={place.at + 1}
      data-testid="history-row"
      data-op-id={entry.opId}
      data-sync={entry.sync}
      data-corrected={entry.isCorrected}
    >
      <span className={styles['when']}>{formats.when(entry.wallMs, nowMs)}</span>
      <span className={join(styles['delta'], entry.delta < 0 && styles['minus'])}>
        {entry.delta === 0 ? '' : units(entry.delta, entry.unit, true)}
      </span>
      <span className={styles['what']}>
        <span className={styles['title']}>{titleOf(entry, words)}</span>
        <span className={styles['detail']}>{detailOf(entry, words)}</span>
      </span>
      <span className={join(styles['sync'], entry.sync !== 'synced' && styles[entry.sync])}>
        {t(`sync.${entry.sync}`)}
      </span>
      <span className={styles['acts']}>
        {entry.canEdit && !isFresh && (
          <Button look="quiet" onPress={() => onEdit(entry)} testId="edit-amount">
            {t('history.editAmount')}
          </Button>
        )}
        {entry.canUndo && !entry.isCorrected && !(isFresh && isAbove) ? (
          <Button
            look={isFresh ? 'plain' : 'quiet'}
            keepsFocus={isFresh}
            onPress={() => (isFresh ? onUndo(entry) : onCounter(entry))}
          >
            {isFresh ? t('act.undoIn', { seconds: secondsLeft }) : t('history.counter')}
          </Button>
        ) : null}
      </span>
    </div>
  );
}

/** A purchase says what was paid; stamps and points given without one say so by their kind. */
function titleOf(entry: EntryView, { t, formats, named, cardName }: Words): string {
  const isPurchase = entry.kind === 'stamp.added' || entry.kind === 'points.credited';
  const what =
    entry.amountMinor === null
      ? t(`entry.${entry.kind}`)
      : `${t(isPurchase ? 'entry.purchase' : `entry.${entry.kind}`)} ${formats.money(entry.amountMinor)}`;
  return [what, named(entry.rewardName, entry.rewardNameZh), cardName(entry)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** What the centre itself writes carries this instead of a till. */
const CENTRE = 'centre';

/** A till has no name here, and its id tells a cashier nothing. */
export function tillWord({ isOwnTill, tillId }: Pick<EntryView, 'isOwnTill' | 'tillId'>) {
  if (isOwnTill) return 'history.thisTill';
  return tillId === CENTRE ? 'history.headOffice' : 'history.otherTill';
}

function detailOf(entry: EntryView, { t }: Words): string {
  return [
    entry.isCorrected ? t('history.corrected') : '',
    entry.actorName,
    t(tillWord(entry)),
    entry.receiptNo === '' ? '' : t('history.receipt', { number: entry.receiptNo }),
    entry.reason,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
