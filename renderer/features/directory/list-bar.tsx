import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { memberAt, type RowMember } from './directory-state.ts';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';
import { countRules } from './rule-draft.ts';

export type ListBarProps = Readonly<{
  store: DirectoryStore;
  /** Null where the chain has no coupons. */
  onCoupon: (() => void) | null;
  onMessage: ((member: RowMember) => void) | null;
}>;

/** How many there are, whether the list is whole, what is marked, and what can be done for the row in hand. */
export function ListBar({ store, onCoupon, onMessage }: ListBarProps) {
  const { t, formats } = useWords();
  const { total, list, order, selected, choice, within } = useStore(store);
  const member = useStore(store, memberAt);
  const hasChoice = choice.filter.rules.length > 0;
  return (
    <div className={styles['bar']}>
      <p role="status" data-testid="directory-count" data-value={total} data-order={order}>
        {order === 'asked'
          ? t('directory.count', { count: total, text: formats.number(total) })
          : t('directory.making', { percent: Math.round(list.progress * 100) })}
      </p>
      {within !== null && (
        <Button look="quiet" onPress={() => store.getState().widen()} testId="directory-within">
          {t('directory.within', { name: within.name })}
        </Button>
      )}
      {hasChoice && (
        <Button look="quiet" onPress={() => store.getState().choose({ filter: { match: 'all', rules: [] } })}>
          {t('directory.noFilter', { count: countRules(choice.filter) })}
        </Button>
      )}
      {selected.size > 0 && (
        <Button look="quiet" onPress={() => store.getState().clearMarks()} testId="directory-marked">
          {t('directory.marked', { count: selected.size, text: formats.number(selected.size) })}
        </Button>
      )}
      {member !== null && (
        <span className={styles['rowDeeds']}>
          {onCoupon !== null && (
            <Button look="quiet" hotkey="F6" onPress={onCoupon} testId="row-coupon">
              <Icon name="stamp" />
              {t('directory.coupon.open')}
            </Button>
          )}
          {onMessage !== null && (
            <Button look="quiet" onPress={() => onMessage(member)} testId="row-message">
              <Icon name="message" />
              {t('directory.write')}
            </Button>
          )}
        </span>
      )}
    </div>
  );
}
