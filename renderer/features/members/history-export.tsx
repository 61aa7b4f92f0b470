import { useState, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { CardView, MemberView } from '../../../electron/contract/views.ts';
import type { ExportPurpose } from '../../../sync/model/export.ts';
import { useKeys } from '../../lib/keyboard.tsx';
import { useWords } from '../../lib/words.ts';
import { ExportReason, hasReason } from '../../parts/export-reason.tsx';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import styles from './aside.module.css';
import type { AsideStore, HistoryAsk } from './aside-store.ts';
import { isManager, isSupervisor, type Role } from './may.ts';

export type HistoryExportProps = Readonly<{
  store: AsideStore;
  member: MemberView;
  /** The card in front: the other export is of everybody who holds its type. */
  card: CardView | undefined;
  role: Role;
}>;

type Of = Pick<HistoryAsk, 'scope' | 'name'>;

/** Her history as a file, or that of all who hold this kind of card; why, is asked first. */
export function HistoryExport({ store, member, card, role }: HistoryExportProps) {
  const { t, cardName, failure } = useWords();
  const { exporting, exportHistory } = useStore(store);
  const [asking, setAsking] = useState<Of | null>(null);
  if (!isSupervisor(role)) return null;
  const isBusy = exporting.status === 'busy';
  const { memberId, supportId } = member;
  const hers: Of = { scope: { kind: 'member', memberId }, name: `history-${supportId}.csv` };
  const ofType = ({ cardTypeId }: CardView): Of => ({
    scope: { kind: 'cardType', cardTypeId },
    name: `history-${cardTypeId}.csv`,
  });
  return (
    <section aria-label={t('historyExport.title')} className={styles['rows']} data-testid="history-export">
      <div className={styles['buttons']}>
        <Button onPress={() => setAsking(hers)} isDisabled={isBusy} testId="export-member">
          {t('historyExport.member')}
        </Button>
        {isManager(role) && card !== undefined && (
          <Button onPress={() => setAsking(ofType(card))} isDisabled={isBusy} testId="export-card-type">
            {t('historyExport.cardType', { card: cardName(card) })}
          </Button>
        )}
        <span role="status">
          {isBusy && t('historyExport.busy')}
          {exporting.status === 'done' && asking === null && t('historyExport.done')}
        </span>
      </div>
      {asking !== null && (
        <Why
          key={asking.name}
          ofMany={asking.scope.kind === 'cardType'}
          onClose={() => setAsking(null)}
          onBegin={(said) => {
            setAsking(null);
            void exportHistory({ ...asking, ...said });
          }}
        />
      )}
      {exporting.status === 'failed' && <FailureNotice words={failure(exporting.failure)} />}
    </section>
  );
}

type WhyProps = Readonly<{
  ofMany: boolean;
  onBegin: (said: Pick<HistoryAsk, 'purpose' | 'reason'>) => void;
  onClose: () => void;
}>;

function Why({ ofMany, onBegin, onClose }: WhyProps) {
  const { t } = useWords();
  const [purpose, setPurpose] = useState<ExportPurpose>('administration');
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  useKeys('panel', { Escape: { label: t('keys.back'), act: onClose } });
  const begin = (event?: SubmitEvent): void => {
    event?.preventDefault();
    if (hasReason(reason)) onBegin({ purpose, reason });
    else setMissing(true);
  };
  return (
    <form
      className={styles['rows']}
      onSubmit={begin}
      noValidate
      aria-label={t('exports.reason')}
      data-testid="export-why"
    >
      {ofMany && (
        <>
          <Choices
            label={t('directory.purpose.label')}
            value={purpose}
            onChange={setPurpose}
            options={[
              { value: 'administration', label: t('directory.purpose.administration') },
              { value: 'marketing', label: t('directory.purpose.marketing') },
            ]}
          />
          <p className={styles['why']}>{t(`directory.purposeHint.${purpose}`)}</p>
        </>
      )}
      <ExportReason value={reason} onChange={setReason} isMissing={isMissing} isFirst />
      <div className={styles['buttons']}>
        <Button look="primary" hotkey="Enter" onPress={() => begin()} testId="export-begin">
          {t('directory.exportBegin')}
        </Button>
        <Button hotkey="Esc" onPress={onClose}>
          {t('keys.cancel')}
        </Button>
      </div>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}
