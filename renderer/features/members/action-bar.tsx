import type { CardView } from '../../../electron/contract/views.ts';
import { useKeys, type KeyMap } from '../../lib/keyboard.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { deedsOf, type CardDeed } from './card-keys.ts';
import styles from './member-page.module.css';

export type ActionBarProps = Readonly<{
  card: CardView | undefined;
  mayByHand: boolean;
  onDeed: (deed: CardDeed) => void;
}>;

/** What can be done with the card in front, now: one press each, or one key. */
export function ActionBar({ card, mayByHand, onDeed }: ActionBarProps) {
  const { t, named } = useWords();
  const deeds = card === undefined ? [] : deedsOf(card, mayByHand);
  const ready = card?.rewards.filter(({ isAffordable }) => isAffordable) ?? [];
  const [only] = ready;
  const labelOf = (deed: CardDeed): string => {
    if (deed !== 'redeem' || only === undefined) return t(`deed.${deed}`);
    if (ready.length > 1) return t('deed.redeemMany', { count: ready.length });
    return t('deed.redeemNamed', { reward: named(only.name, only.nameZh) });
  };
  const keys: KeyMap = Object.fromEntries(
    deeds.flatMap(({ deed, key }) =>
      key === undefined ? [] : [[key, { label: labelOf(deed), act: () => onDeed(deed) }]],
    ),
  );
  useKeys('screen', keys);
  if (card === undefined) return <p className={styles['nothing']}>{t('member.noCard')}</p>;
  if (deeds.length === 0) return <p className={styles['nothing']}>{t(whyNothing(card))}</p>;
  return (
    <div className={styles['bar']} role="toolbar" aria-label={t('member.actions')}>
      {deeds.map(({ deed, key, isMain }) => (
        <Button
          key={deed}
          look={isMain ? 'primary' : 'plain'}
          size="large"
          hotkey={key}
          keepsFocus
          isDisabled={deed === 'redeem' && only === undefined}
          onPress={() => onDeed(deed)}
          testId={`deed-${deed}`}
        >
          {labelOf(deed)}
        </Button>
      ))}
    </div>
  );
}

function whyNothing({ status, kind }: CardView) {
  if (status !== 'active') return `nothing.${status}` as const;
  return kind === 'discount' ? ('nothing.discount' as const) : ('nothing.state' as const);
}
