import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';

const ALWAYS = ['members', 'transactions', 'active', 'added'] as const;
/** Of a chain that hears of them from another system: a tile that is always empty would be a lie. */
const REVIEWED = ['members', 'transactions', 'reviews', 'rating', 'active', 'added'] as const;

/** Figures of all members (F66); a dash while they are being counted. */
export function Tiles({ store }: Readonly<{ store: DirectoryStore }>) {
  const { t, formats } = useWords();
  const totals = useStore(store, (state) => state.totals);
  const hasReviews = (totals?.reviews ?? 0) > 0 || (totals?.rating ?? null) !== null;
  return (
    <dl className={styles['tiles']} data-testid="directory-tiles">
      {(hasReviews ? REVIEWED : ALWAYS).map((tile) => {
        const figure = totals?.[tile] ?? null;
        return (
          <div key={tile} className={styles['tile']} data-testid={`tile-${tile}`} data-value={figure ?? ''}>
            <dt>{t(`directory.tile.${tile}`)}</dt>
            <dd>{figure === null ? '–' : formats.number(figure)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
