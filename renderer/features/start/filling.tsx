import { useState } from 'react';
import type { SyncStatus } from '../../../electron/contract/till.ts';
import { problemText } from '../../lib/sync-problem.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Desk } from '../../ui/desk.tsx';
import { Notice } from '../../ui/notice.tsx';
import styles from './set-up.module.css';

export type FillingProps = Readonly<{ status: SyncStatus }>;

/** The first whole copy arrives: a number, a rate, and what happens when the line drops. */
export function Filling({ status }: FillingProps) {
  const words = useWords();
  const { t, formats } = words;
  const [began] = useState(() => ({ atMs: Date.now(), members: status.members }));
  const nowMs = useNow(1000);
  const seconds = (nowMs - began.atMs) / 1000;
  const rate = seconds < 1 ? 0 : Math.round((status.members - began.members) / seconds);
  return (
    <Desk brand={t('brand')} title={t('filling.title')} lead={t('filling.lead')}>
      <div role="status">
        <p className={styles['figure']}>{formats.number(status.members)}</p>
        <p className={styles['rate']}>
          {t('filling.members')}
          {rate > 0 && ` · ${t('filling.rate', { rate: formats.number(rate) })}`}
        </p>
      </div>
      {status.state === 'offline' && (
        <Notice tone="wait" icon="offline" title={t('filling.offline')} detail={t('filling.offlineNext')} />
      )}
      {status.state === 'stopped' && (
        <Notice
          tone="warn"
          title={t('chip.stopped')}
          detail={status.problem === null ? '' : problemText(words, status.problem)}
        />
      )}
    </Desk>
  );
}
