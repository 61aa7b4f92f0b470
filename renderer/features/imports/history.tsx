import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './imports.module.css';
import type { ImportsStore } from './imports-store.ts';

/** What was imported before: when, by whom, which file, how it went. */
export function History({ store }: Readonly<{ store: ImportsStore }>) {
  const { t, formats } = useWords();
  const { history, hasOlder, show, older } = useStore(store);
  return (
    <section className={layout['sheet']} aria-label={t('imports.history')}>
      <h2 className={styles['subtitle']}>{t('imports.history')}</h2>
      {history.length === 0 ? (
        <p className={styles['soft']}>{t('imports.noHistory')}</p>
      ) : (
        <div className={styles['scroll']}>
          <table className={styles['table']} data-testid="import-history">
            <thead>
              <tr>
                <th scope="col">{t('imports.when')}</th>
                <th scope="col">{t('imports.file')}</th>
                <th scope="col">{t('imports.operator')}</th>
                <th scope="col">{t('imports.result')}</th>
                <th scope="col">{t('imports.succeeded')}</th>
                <th scope="col">{t('imports.failed')}</th>
              </tr>
            </thead>
            <tbody>
              {history.map((run) => (
                <tr key={run.runId}>
                  <td>{formats.moment(run.startedAtMs)}</td>
                  <td>
                    <Button look="quiet" onPress={() => void show(run.runId)} testId="import-show">
                      {run.fileName}
                    </Button>
                  </td>
                  <td>{run.operator}</td>
                  <td>{t(`imports.state.${run.state}`)}</td>
                  <td className={styles['figure']}>{formats.number(run.counts.done)}</td>
                  <td className={styles['figure']}>{formats.number(run.counts.invalid)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasOlder && (
        <div>
          <Button onPress={() => void older()} testId="import-older">
            {t('imports.olderRuns')}
          </Button>
        </div>
      )}
    </section>
  );
}
