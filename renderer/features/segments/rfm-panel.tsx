import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { RfmPlot } from './rfm-plot.tsx';
import type { SegmentsStore } from './segments-store.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './segments.module.css';

/** The chain by recency and frequency: the plot, and its parts by name. */
export function RfmPanel({ store }: Readonly<{ store: SegmentsStore }>) {
  const { t, formats } = useWords();
  const { rfm, shown, showMembers } = useStore(store);
  if (rfm === null) return <p className={layout['soft']}>{t('segments.counting')}</p>;
  if (rfm.borders.members === 0) return <p className={layout['soft']}>{t('segments.noPurchases')}</p>;
  const choice = shown?.choice;
  const isNamed = (name: string): boolean =>
    choice?.kind === 'rules' && 'values' in (choice.rules.conditions[0] ?? {}) && nameIn(choice) === name;
  return (
    <section className={layout['sheet']} aria-label={t('segments.plot')}>
      <div className={styles['plotHead']}>
        <h2 className={styles['name']}>{t('segments.plotTitle')}</h2>
        <p className={layout['soft']}>{t('segments.plotHint')}</p>
      </div>
      <div className={styles['plotBody']}>
        <RfmPlot
          picture={rfm}
          chosen={choice?.kind === 'cell' ? choice : null}
          onChoose={(recency, frequency) => void showMembers({ kind: 'cell', recency, frequency })}
        />
        <ul className={styles['names']}>
          {rfm.names.map(({ name, members, spentMinor }) => (
            <li key={name}>
              <button
                type="button"
                className={join(layout['entry'], styles['namePart'])}
                aria-pressed={isNamed(name)}
                onClick={() =>
                  void showMembers({
                    kind: 'rules',
                    rules: { match: 'all', conditions: [{ test: 'oneOf', field: 'rfm', values: [name] }] },
                  })
                }
                data-testid={`rfm-${name}`}
              >
                <span className={styles['entryName']}>{t(`segments.value.rfm.${name}`)}</span>
                <span className={styles['count']}>{formats.number(members)}</span>
                <span className={layout['soft']}>{t(`segments.rfmHint.${name}`)}</span>
                <span className={layout['soft']}>
                  {spentMinor > 0 ? t('segments.about', { amount: formats.roughMoney(spentMinor) }) : '–'}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function nameIn(choice: { rules: { conditions: readonly object[] } }): string | undefined {
  const [first] = choice.rules.conditions;
  return first !== undefined && 'values' in first ? (first.values as readonly string[])[0] : undefined;
}
