import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';

const TILES = ['members', 'transactions', 'active', 'added'] as const;

/** Four figures of all members (F66); a dash while they are being counted. */
export function Tiles({ store }: Readonly<{ store: DirectoryStore }>) {
  const { t, formats } = useWords();
  const totals = useStore(store, (state) => state.totals);
  return (
    <dl className={styles['tiles']} data-testid="directory-tiles">
      {TILES.map((tile) => {
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
