import { Button } from 'react-aria-components/Button';
import type { CardView } from '../../electron/contract/views.ts';
import { worthOf } from '../../sync/programmes/points-worth.ts';
import { useWords } from '../lib/words.ts';
import { Icon } from '../ui/icon.tsx';
import inks from '../ui/inks.module.css';
import { join } from '../ui/join.ts';
import { KeyCap, sayingKey } from '../ui/button.tsx';
import { Pill } from '../ui/pill.tsx';
import type { AgeLimits } from './balance-age.ts';
import type { Attribute } from './attribute-field.tsx';
import { CardFacts } from './card-data.tsx';
import { StampGrid } from './stamp-grid.tsx';
import { TicketFoot } from './ticket-foot.tsx';
import styles from './ticket.module.css';

export type TicketProps = Readonly<{
  card: CardView;
  isFront: boolean;
  /** What the chain keeps of each card (F40): those of which this one has a value are shown. */
  attributes?: readonly Attribute[];
  /** From when on its balance is shown as an old one. */
  limits: AgeLimits;
  onBring?: () => void;
}>;

/** A card as a ticket: the member's half with what she has, the till's half with which card it is. */
export function Ticket({ card, isFront, attributes = [], limits, onBring }: TicketProps) {
  const { t, cardName } = useWords();
  const { status } = card;
  const isUsable = status === 'active';
  const digits = card.cardNumber.slice(-4);
  return (
    <article
      className={join(styles['shell'], inks[card.colour])}
      data-testid="card-ticket"
      data-card-number={card.cardNumber}
      data-front={isFront}
      data-usable={isUsable}
      aria-current={isFront}
      aria-label={`${cardName(card)} ${digits}`}
    >
      <div className={styles['ticket']}>
        <div className={styles['half']}>
          <h2 className={styles['title']}>
            {cardName(card)}
            {!isUsable && <Pill tone="refuse">{t(`cardStatus.${status}`)}</Pill>}
          </h2>
          <Figures card={card} />
          {card.kind === 'stamp' && card.goal > 0 && <StampGrid card={card} />}
          {card.kind === 'points' && <Rewards card={card} />}
          <CardFacts card={card} attributes={attributes} />
          <TicketFoot card={card} limits={limits} />
        </div>
        <div className={styles['stub']}>
          <span className={styles['number']} data-selectable>
            {card.cardNumber.replace(/(\d{4})(?=\d)/g, '$1 ')}
          </span>
        </div>
      </div>
      {!isFront && onBring !== undefined && (
        <Button
          className={styles['bring'] ?? ''}
          preventFocusOnPress
          onPress={onBring}
          aria-label={t('ticket.bring', { card: `${cardName(card)} ${digits}` })}
        />
      )}
    </article>
  );
}

/** Confirmed by the centre, and this till's own on top: two numbers, never one that hides which is which. */
function Figures({ card }: Readonly<{ card: CardView }>) {
  const { t, formats, units } = useWords();
  const { confirmed, pending, unit } = card.balance;
  if (card.isUnlimited) return <p className={styles['unlimited']}>{t('ticket.unlimited')}</p>;
  const shown = card.kind === 'discount' ? `${card.discountPercent} %` : formats.units(confirmed, unit);
  return (
    <p className={styles['balance']}>
      <span
        className={styles['confirmed']}
        data-testid="balance-confirmed"
        data-value={confirmed}
        data-selectable
      >
        {shown}
      </span>
      {unit !== 'minor' && card.kind !== 'discount' && (
        <span className={styles['unit']}>
          {t(`unitWord.${unit}`, { count: confirmed })}
          {pending === 0 && <Worth card={card} />}
        </span>
      )}
      {pending !== 0 && (
        <span className={styles['pending']} data-testid="balance-pending" data-value={pending}>
          {t('ticket.pending', {
            units: `${pending > 0 ? '+' : '−'}${formats.units(Math.abs(pending), unit)}`,
          })}
        </span>
      )}
      {pending !== 0 && (
        <span className={styles['unit']}>
          {t('ticket.total', { units: units(confirmed + pending, unit) })}
          <Worth card={card} />
        </span>
      )}
    </p>
  );
}

/** Points as money, beside the figure that is all of them. */
function Worth({ card: { worth, balance } }: Readonly<{ card: CardView }>) {
  const { t, formats } = useWords();
  const total = balance.confirmed + balance.pending;
  if (worth === null || total <= 0) return null;
  return (
    <span data-testid="balance-worth">
      {t('ticket.worth', { money: formats.money(worthOf(worth, total)) })}
    </span>
  );
}

const REWARDS_SHOWN = 3;

/** What the points are good for: due now, or how far it is. */
function Rewards({ card }: Readonly<{ card: CardView }>) {
  const { t, formats, named } = useWords();
  const total = card.balance.confirmed + card.balance.pending;
  return (
    <ul className={styles['rewards']}>
      {card.rewards.slice(0, REWARDS_SHOWN).map((reward) => (
        <li key={reward.rewardId} className={reward.isAffordable ? styles['due'] : undefined}>
          <span>{named(reward.name, reward.nameZh)}</span>
          <span>
            {reward.isAffordable
              ? t('ticket.due')
              : t('ticket.toGo', { count: formats.number(reward.cost - total) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The place where the next card goes. */
export function IssueTicket({ onIssue }: Readonly<{ onIssue: () => void }>) {
  const { t } = useWords();
  return (
    <Button className={styles['issue'] ?? ''} preventFocusOnPress onPress={onIssue} render={sayingKey('F6')}>
      <Icon name="plus" size={24} />
      {t('ticket.issue')}
      <KeyCap name="F6" />
    </Button>
  );
}
