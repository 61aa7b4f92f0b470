import type { CloseView } from '../../../electron/contract/closes.ts';
import { useWords } from '../../lib/words.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './close-day.module.css';
import { Counts } from './counts.tsx';
import { shortHex } from './lines.ts';
import { Outstanding } from './outstanding.tsx';
import { ProofPill } from './proof-pill.tsx';

export type CertificateProps = Readonly<{ close: CloseView; chainName: string; place: string }>;

/** The page of one day, on the screen and on paper alike. */
export function Certificate({ close, chainName, place }: CertificateProps) {
  const { t, formats } = useWords();
  const { businessDay, proof } = close;
  return (
    <article className={layout['sheet']} data-testid="certificate" data-proof={proof.state}>
      <header className={layout['sheetHead']}>
        <div>
          <p className={layout['soft']}>
            <span data-paper-only>{t('close.title')} · </span>
            {chainName} · {place}
          </p>
          <h2 className={styles['date']}>{formats.day(businessDay)}</h2>
        </div>
        <ProofPill state={proof.state} checkedAtMs={proof.checkedAtMs} testId="proof" />
      </header>
      <Outstanding close={close} />
      <Counts lines={close.lines} opCount={close.opCount} />
      <Foot close={close} />
    </article>
  );
}

/** What makes the page worth keeping: who, when, which actions, head of the chain, signature. */
function Foot({ close }: Readonly<{ close: CloseView }>) {
  const { t, formats } = useWords();
  const { ranges, chainHead, signature, closedAtMs, closedBy, tillId, incarnation, proof } = close;
  const numbers = ranges.map(({ fromTseq, toTseq }) =>
    fromTseq === toTseq ? `${fromTseq}` : `${fromTseq}–${toTseq}`,
  );
  return (
    <dl className={styles['foot']} data-selectable>
      {closedAtMs !== null && (
        <>
          <dt>{t('close.closedBy')}</dt>
          <dd>
            {closedBy}, {formats.moment(closedAtMs)}
          </dd>
        </>
      )}
      {proof.checkedAtMs !== null && (
        <>
          <dt>{t('close.checked')}</dt>
          <dd>{formats.moment(proof.checkedAtMs)}</dd>
        </>
      )}
      <dt>{t('close.numbers')}</dt>
      <dd>{numbers.length === 0 ? t('close.noNumbers') : numbers.join(', ')}</dd>
      <dt>{t('close.chainHead')}</dt>
      <dd>
        {chainHead.tseq} · <code>{shortHex(chainHead.hash)}</code>
      </dd>
      {signature !== '' && (
        <>
          <dt>{t('close.signature')}</dt>
          <dd>
            <code>{shortHex(signature)}</code>
          </dd>
        </>
      )}
      <dt>{t('close.till')}</dt>
      <dd>
        <code>{tillId}</code> · {incarnation}
      </dd>
      {proof.elsewhere > 0 && (
        <>
          <dt>{t('close.elsewhere')}</dt>
          <dd>{formats.number(proof.elsewhere)}</dd>
        </>
      )}
    </dl>
  );
}
