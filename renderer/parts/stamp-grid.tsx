import type { CardView } from '../../electron/contract/views.ts';
import { useWords } from '../lib/words.ts';
import { join } from '../ui/join.ts';
import { Pill } from '../ui/pill.tsx';
import { toRound, type Round, type Slot } from './rounds.ts';
import styles from './stamp-grid.module.css';

/** A hand never stamps twice at the same angle. */
const ANGLES = [-11, 7, -4, 13, -8, 3, -14, 9, 5, -6];

/** The round of a stamp card: real stamps for what is confirmed, wet ones for what waits, rings for what is to go. */
export function StampGrid({ card }: Readonly<{ card: CardView }>) {
  const { t } = useWords();
  const { confirmed, pending } = card.balance;
  const round = toRound(confirmed, pending, card.goal);
  const rewardAt = new Set(card.rewards.map(({ cost }) => cost));
  const columns = card.goal <= 10 ? 'five' : card.goal <= 12 ? 'six' : 'ten';
  return (
    <>
      <div className={join(styles['grid'], styles[columns])} aria-hidden="true">
        {round.slots.map((slot, at) => (
          <Stamp key={at} slot={slot} at={at} isReward={rewardAt.has(at + 1)} />
        ))}
      </div>
      <p className={styles['words']}>
        <span>{t(roundWord(round, card), { shown: round.shown, goal: card.goal, toGo: round.toGo })}</span>
        {round.fullRounds > 0 && (
          <Pill tone="done">{t('ticket.fullRounds', { count: round.fullRounds })}</Pill>
        )}
      </p>
    </>
  );
}

/** A full round has nothing to go: it says what can be had for it. */
export function roundWord({ toGo }: Pick<Round, 'toGo'>, { rewards }: Pick<CardView, 'rewards'>) {
  if (toGo > 0) return 'ticket.round';
  return rewards.some(({ isAffordable }) => isAffordable) ? 'ticket.roundReady' : 'ticket.roundFull';
}

type StampProps = Readonly<{ slot: Slot; at: number; isReward: boolean }>;

function Stamp({ slot, at, isReward }: StampProps) {
  if (slot === 'open') {
    return (
      <svg className={join(styles['stamp'], styles['open'])} viewBox="0 0 40 40">
        <circle
          cx="20"
          cy="20"
          r="16"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray="3 3.5"
        />
        {isReward && (
          <path d={GIFT} fill="none" stroke="currentColor" strokeWidth="2" strokeLinejoin="round" />
        )}
      </svg>
    );
  }
  return (
    <svg className={join(styles['stamp'], slot === 'wet' && styles['wet'])} viewBox="0 0 40 40">
      <g transform={`rotate(${ANGLES[at % ANGLES.length]} 20 20)`}>
        <circle
          cx="20"
          cy="20"
          r="16.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.5"
          strokeDasharray="38 1.2 22 .8"
        />
        <circle cx="20" cy="20" r="13" fill="currentColor" opacity={slot === 'wet' ? 0.16 : 1} />
        <path d={STAR} className={slot === 'wet' ? styles['star-wet'] : styles['star']} />
      </g>
    </svg>
  );
}

const STAR = 'M20 11.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z';
const GIFT =
  'M12.5 18h15v3.5h-15zM14 21.5v6h12v-6M20 18v9.5M20 18c-2.5 0-3.5-4-1.5-4s1.5 4 1.5 4c2.5 0 3.5-4 1.5-4s-1.5 4-1.5 4z';
