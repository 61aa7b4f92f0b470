import { Button } from 'react-aria-components/Button';
import type { MemberHit } from '../../../electron/contract/views.ts';
import { useWords } from '../../lib/words.ts';
import { Pill } from '../../ui/pill.tsx';
import styles from './result-list.module.css';

export type HitRowProps = Readonly<{ hit: MemberHit; onPick: (hit: MemberHit) => void }>;

/** One member to choose from: name, state, masked phone, cards. No more personal data than choosing needs. */
export function HitFace({ hit }: Readonly<{ hit: MemberHit }>) {
  const { t, units, cardName } = useWords();
  const cards = hit.cards
    .filter(({ status }) => status === 'active')
    .map((card) =>
      card.kind === 'discount'
        ? cardName(card)
        : units(card.balance.confirmed + card.balance.pending, card.balance.unit),
    );
  return (
    <>
      <span className={styles['name']}>{hit.name}</span>
      {hit.state === 'active' ? <span>{hit.tier}</span> : <StatePill state={hit.state} />}
      <span className={styles['detail']}>
        <span className={styles['phone']}>{hit.maskedMobile === '' ? hit.lookupId : hit.maskedMobile}</span>
        <span className={styles['cards']}>{cards.length === 0 ? t('hit.noCards') : cards.join(' · ')}</span>
      </span>
    </>
  );
}

function StatePill({ state }: Pick<MemberHit, 'state'>) {
  const { t } = useWords();
  return <Pill tone={state === 'locked' ? 'warn' : 'refuse'}>{t(`state.${state}`)}</Pill>;
}

export function HitButton({ hit, onPick }: HitRowProps) {
  return (
    <Button className={styles['hit'] ?? ''} preventFocusOnPress onPress={() => onPick(hit)}>
      <HitFace hit={hit} />
    </Button>
  );
}
