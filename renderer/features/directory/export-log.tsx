import { useState } from 'react';
import { useStore } from 'zustand';
import type { ExportView } from '../../../electron/contract/exports.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import type { ExportLogStore } from './export-log-store.ts';
import styles from './export-log.module.css';

const MINUTE_MS = 60_000;
/** So many are seen at once; the rest by a press. */
const FIRST = 8;

/** Every file that went out, the newest first: who, when, what, how many rows. */
export function ExportLog({ store }: Readonly<{ store: ExportLogStore }>) {
  const { t, failure: wordsOf } = useWords();
  const { log, failure } = useStore(store);
  const [isAll, setAll] = useState(false);
  if (failure !== null) return <FailureNotice words={wordsOf(failure)} />;
  if (log === null) return null;
  return (
    <section className={styles['log']} aria-label={t('exports.title')} data-testid="export-log">
      <h3>{t('exports.title')}</h3>
      {log.line === 'down' && <p className={styles['detail']}>{t('exports.down')}</p>}
      {log.exports.length === 0 ? (
        <p className={styles['detail']}>{t('exports.none')}</p>
      ) : (
        <ol>
          {log.exports.slice(0, isAll ? log.exports.length : FIRST).map((each) => (
            <Line key={each.exportId} line={each} />
          ))}
        </ol>
      )}
      {!isAll && log.exports.length > FIRST && (
        <Button onPress={() => setAll(true)}>{t('exports.more')}</Button>
      )}
    </section>
  );
}

function Line({ line }: Readonly<{ line: ExportView }>) {
  const { t, formats, named } = useWords();
  const nowMs = useNow(MINUTE_MS);
  const { what, purpose, rows, stage, atMs, actorName, storeName, isOwnTill, isPending } = line;
  const nobody = t(what === 'failed_rows' ? 'exports.unknownImport' : 'exports.unknown');
  const who = named(line.ofName, line.ofNameZh) || nobody;
  const details = [
    rows === null ? t('exports.rowsUnknown') : t('exports.rows', { count: rows, text: formats.number(rows) }),
    stage === 'whole' ? '' : t(`exports.stage.${stage}`),
    purpose === '' ? '' : t(`directory.purpose.${purpose}`),
    isOwnTill ? `${storeName}, ${t('history.thisTill')}` : storeName,
    isPending ? t('sync.saved') : '',
  ];
  return (
    <li data-testid="export-line" data-stage={stage} data-what={what} data-pending={isPending}>
      <span>{formats.when(atMs, nowMs)}</span>
      <b>{actorName || '–'}</b>
      <span>
        {t(`exports.what.${what}`, { who })}
        {line.reason !== undefined && <bdi className={styles['reason']}>{line.reason}</bdi>}
        <span className={styles['detail']}>{details.filter((part) => part !== '').join(' · ')}</span>
      </span>
    </li>
  );
}
