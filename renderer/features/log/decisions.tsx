import type { LogView } from '../../../electron/contract/log.ts';
import { useWords } from '../../lib/words.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './log.module.css';

/** Answers of managers, keys of other systems and the like: kept under a chain of hashes at the centre. */
export function Decisions({
  decisions,
  hasMoreDecisions,
}: Readonly<Pick<LogView, 'decisions' | 'hasMoreDecisions'>>) {
  const { t, formats } = useWords();
  return (
    <section className={layout['sheet']} aria-label={t('log.decisions')}>
      <h2 className={layout['what']}>{t('log.decisions')}</h2>
      <ul className={styles['lines']}>
        {decisions.map(({ lineNo, atMs, actorName, action, objectId, secondName }) => (
          <li key={lineNo} data-testid="log-decision">
            {formats.time(atMs)} · {actorName}
            {secondName !== '' && ` ${t('log.withSecond', { name: secondName })}`} · <code>{action}</code> ·{' '}
            <span data-selectable>{objectId}</span>
          </li>
        ))}
      </ul>
      {hasMoreDecisions && (
        <p className={layout['soft']} data-testid="log-decisions-more">
          {t('log.decisionsMore', { count: decisions.length })}
        </p>
      )}
    </section>
  );
}
