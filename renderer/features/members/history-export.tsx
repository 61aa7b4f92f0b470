import { useStore } from 'zustand';
import type { CardView, MemberView } from '../../../electron/contract/views.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import styles from './aside.module.css';
import type { AsideStore } from './aside-store.ts';
import { isManager, isSupervisor, type Role } from './may.ts';

export type HistoryExportProps = Readonly<{
  store: AsideStore;
  member: MemberView;
  /** The card in front: the other export is of everybody who holds its type. */
  card: CardView | undefined;
  role: Role;
}>;

/** Her history as a file, or that of all who hold this kind of card. */
export function HistoryExport({ store, member, card, role }: HistoryExportProps) {
  const { t, cardName, failure } = useWords();
  const { exporting, exportHistory } = useStore(store);
  if (!isSupervisor(role)) return null;
  const isBusy = exporting.status === 'busy';
  return (
    <section aria-label={t('historyExport.title')} className={styles['buttons']} data-testid="history-export">
      <Button
        onPress={() =>
          void exportHistory({ kind: 'member', memberId: member.memberId }, `history-${member.supportId}.csv`)
        }
        isDisabled={isBusy}
        testId="export-member"
      >
        {t('historyExport.member')}
      </Button>
      {isManager(role) && card !== undefined && (
        <Button
          onPress={() =>
            void exportHistory(
              { kind: 'cardType', cardTypeId: card.cardTypeId },
              `history-${card.cardTypeId}.csv`,
            )
          }
          isDisabled={isBusy}
          testId="export-card-type"
        >
          {t('historyExport.cardType', { card: cardName(card) })}
        </Button>
      )}
      <span role="status">
        {isBusy && t('historyExport.busy')}
        {exporting.status === 'done' && t('historyExport.done')}
      </span>
      {exporting.status === 'failed' && <FailureNotice words={failure(exporting.failure)} />}
    </section>
  );
}
