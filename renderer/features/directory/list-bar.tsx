import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';

/** How many there are, whether the list is whole, and what is marked. */
export function ListBar({ store }: Readonly<{ store: DirectoryStore }>) {
  const { t, formats } = useWords();
  const { total, list, order, selected, choice } = useStore(store);
  const hasChoice = choice.filter.rules.length > 0;
  return (
    <div className={styles['bar']}>
      <p role="status" data-testid="directory-count" data-value={total} data-order={order}>
        {order === 'asked'
          ? t('directory.count', { count: total, text: formats.number(total) })
          : t('directory.making', { percent: Math.round(list.progress * 100) })}
      </p>
      {hasChoice && (
        <Button look="quiet" onPress={() => store.getState().choose({ filter: { match: 'all', rules: [] } })}>
          {t('directory.noFilter', { count: choice.filter.rules.length })}
        </Button>
      )}
      {selected.size > 0 && (
        <Button look="quiet" onPress={() => store.getState().clearMarks()} testId="directory-marked">
          {t('directory.marked', { count: selected.size, text: formats.number(selected.size) })}
        </Button>
      )}
    </div>
  );
}
