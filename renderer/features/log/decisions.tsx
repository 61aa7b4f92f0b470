import type { LogView } from '../../../electron/contract/log.ts';
import { useWords } from '../../lib/words.ts';
import layout from '../../ui/list-and-detail.module.css';
import { decisionName } from './decision-name.ts';
import styles from './log.module.css';

/** Answers of managers, keys of other systems and the like: kept under a chain of hashes at the centre. */
export function Decisions({
  decisions,
  hasMoreDecisions,
}: Readonly<Pick<LogView, 'decisions' | 'hasMoreDecisions'>>) {
  const words = useWords();
  const { t, formats } = words;
  return (
    <section className={layout['sheet']} aria-label={t('log.decisions')}>
      <h2 className={layout['what']}>{t('log.decisions')}</h2>
      <ul className={styles['lines']}>
        {decisions.map((decision) => (
          <li key={decision.lineNo} data-testid="log-decision">
            {formats.time(decision.atMs)} · {decision.actorName}
            {decision.secondName !== '' && ` ${t('log.withSecond', { name: decision.secondName })}`} ·{' '}
            {decisionName(words, decision.action)} · <span data-selectable>{decision.objectId}</span>
            <SavedBy {...decision} />
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

type Decision = LogView['decisions'][number];

/** Whoever saved the second's version may know her PIN: where that is the actor herself, it was perhaps one person. */
function SavedBy({ secondName, savedByName, isSavedByActor }: Decision) {
  const { t } = useWords();
  if (savedByName === '') return null;
  const names = { second: secondName, name: savedByName };
  return (
    <span className={isSavedByActor ? styles['warned'] : layout['soft']} data-testid="log-saved-by">
      {t(isSavedByActor ? 'log.savedByActor' : 'log.savedBy', names)}
    </span>
  );
}
