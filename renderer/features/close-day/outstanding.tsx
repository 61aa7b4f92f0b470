import type { CloseView } from '../../../electron/contract/closes.ts';
import { problemText } from '../../lib/sync-problem.ts';
import { useWords } from '../../lib/words.ts';
import { Notice } from '../../ui/notice.tsx';
import styles from './close-day.module.css';
import { opName } from '../../lib/op-name.ts';

type Close = Readonly<{ close: CloseView }>;

/** What is not settled about this day, and why: not sent, held for a person, not the same at the centre. */
export function Outstanding({ close }: Close) {
  const words = useWords();
  const { t } = words;
  const { outstanding, heldCount, proof, problem } = close;
  const whyUnsent = (why: NonNullable<typeof problem>): string =>
    why.code === 'unreachable'
      ? t('close.unsentLine')
      : `${t('close.unsentStopped')} ${problemText(words, why)}`;
  const isCalm = outstanding === 0 && heldCount === 0;
  return (
    <div className={styles['outstanding']}>
      {proof.state === 'differs' && <Differences close={close} />}
      {proof.state === 'pending' && (
        <Notice
          tone="wait"
          title={t('close.pendingTitle')}
          detail={t('close.pendingNext')}
          testId="pending"
        />
      )}
      {outstanding > 0 && (
        <Notice
          tone="wait"
          title={t('close.unsent', { count: outstanding })}
          detail={problem === null ? t('close.unsentNext') : whyUnsent(problem)}
          testId="unsent"
        />
      )}
      {heldCount > 0 && <Held close={close} />}
      {isCalm && proof.state === 'equal' && (
        <Notice tone="done" title={t('close.equalTitle')} detail={t('close.equalNext')} testId="proven" />
      )}
    </div>
  );
}

function Held({ close }: Close) {
  const { t } = useWords();
  return (
    <Notice
      tone="warn"
      title={t('close.held', { count: close.heldCount })}
      testId="held"
      detail={
        <>
          {t('close.heldNext')}
          <ul className={styles['items']}>
            {close.held.map(({ tseq, kind, reason }) => (
              <Item key={tseq} tseq={tseq} kind={kind} what={t(`held.${reason}`)} />
            ))}
          </ul>
        </>
      }
    />
  );
}

function Differences({ close }: Close) {
  const { t } = useWords();
  const { differences, differenceCount } = close.proof;
  return (
    <Notice
      tone="refuse"
      title={differenceCount === 0 ? t('close.differsSums') : t('close.differs', { count: differenceCount })}
      testId="differences"
      detail={
        <>
          {t('close.differsNext')}
          <ul className={styles['items']}>
            {differences.map(({ tseq, kind, what }) => (
              <Item key={`${tseq} ${what}`} tseq={tseq} kind={kind} what={t(`close.what.${what}`)} />
            ))}
          </ul>
        </>
      }
    />
  );
}

function Item({ tseq, kind, what }: Readonly<{ tseq: number; kind: string; what: string }>) {
  const words = useWords();
  const { t } = words;
  const name = opName(words, kind);
  return (
    <li data-tseq={tseq}>
      {t('close.item', { number: tseq })}
      {name !== '' && ` · ${name}`} · {what}
    </li>
  );
}
