import { Button, type ButtonProps } from 'react-aria-components/Button';
import { useStore } from 'zustand';
import type { CardListRow } from '../../../electron/contract/card-list.ts';
import { useWords } from '../../lib/words.ts';
import inks from '../../ui/inks.module.css';
import { join } from '../../ui/join.ts';
import { Pill } from '../../ui/pill.tsx';
import type { CardsStore, CardSort } from './cards-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './cards.module.css';

const COLUMNS = ['number', 'member', 'type', 'status', 'balance', 'expires'] as const;
type Column = (typeof COLUMNS)[number];
const SORTS: Readonly<Partial<Record<Column, CardSort>>> = {
  number: 'number',
  type: 'type',
  status: 'status',
  balance: 'balance',
  expires: 'expires',
};
const TONES = { active: 'done', lost: 'warn', expired: 'wait', closed: 'plain', replaced: 'plain' } as const;

type KeyPress = Parameters<NonNullable<ButtonProps['onKeyDown']>>[0];

/** The rows are one stop of the Tab key: the arrows walk, and bring each card to the side as they pass. */
function walk(event: KeyPress): void {
  // The keys of the page are heard at the window.
  event.continuePropagation();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const row = event.currentTarget.closest('tr');
  const next = step === 1 ? row?.nextElementSibling : row?.previousElementSibling;
  const button = next?.querySelector('button');
  if (button == null) return;
  event.preventDefault();
  button.focus();
  button.click();
}

/** Number, name, status and balance of each card (F36); a press brings it to the side. */
export function CardTable({ store }: Readonly<{ store: CardsStore }>) {
  const { t } = useWords();
  const { rows, sort, isDescending, sortBy } = useStore(store);
  return (
    <table className={styles['table']} aria-label={t('rail.cards')}>
      <thead>
        <tr>
          {COLUMNS.map((column) => {
            const by = SORTS[column];
            const isSorted = by !== undefined && by === sort;
            return (
              <th
                key={column}
                scope="col"
                aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : undefined}
                data-column={column}
              >
                {by === undefined ? (
                  t(`cards.column.${column}`)
                ) : (
                  <Button className={styles['sort'] ?? ''} onPress={() => void sortBy(by)}>
                    {t(`cards.column.${column}`)}
                    <span aria-hidden="true">{isSorted ? (isDescending ? ' ↓' : ' ↑') : ''}</span>
                  </Button>
                )}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <CardLine key={row.card.cardId} row={row} store={store} />
        ))}
      </tbody>
    </table>
  );
}

function CardLine({ row, store }: Readonly<{ row: CardListRow; store: CardsStore }>) {
  const { t, units, formats, cardName } = useWords();
  const { chosenId, choose } = useStore(store);
  const { card } = row;
  const { confirmed, pending, unit } = card.balance;
  const total = confirmed + pending;
  const isChosen = card.cardId === chosenId;
  return (
    <tr
      className={join(isChosen && styles['chosen'])}
      data-testid="card-row"
      data-card-number={card.cardNumber}
    >
      <td>
        <Button
          className={join(styles['number'], inks[card.colour])}
          onPress={() => choose(card.cardId)}
          excludeFromTabOrder={!isChosen}
          onKeyDown={walk}
          aria-current={isChosen}
        >
          {card.cardNumber.replace(/(\d{4})(?=\d)/g, '$1 ')}
        </Button>
      </td>
      <td>{row.memberName}</td>
      <td>{cardName(card)}</td>
      <td>
        <Pill tone={TONES[card.status]}>{t(`cardStatus.${card.status}`)}</Pill>
      </td>
      <td data-column="balance" className={join(total < 0 && styles['below'])}>
        {card.kind === 'discount'
          ? `${card.discountPercent} %`
          : card.isUnlimited
            ? t('ticket.unlimited')
            : units(total, unit)}
        {pending !== 0 && <span className={layout['soft']}> {t('cards.pending')}</span>}
      </td>
      <td>{card.expiresOn === null ? '' : formats.day(card.expiresOn)}</td>
    </tr>
  );
}
