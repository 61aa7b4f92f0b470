import { useEffect, useRef, type RefObject } from 'react';
import { useStore } from 'zustand';
import type { CardView, MemberView } from '../../../electron/contract/views.ts';
import type { HistoryScope } from '../../../electron/contract/records.ts';
import { hasLostFocus } from '../../lib/lost-focus.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import styles from './aside.module.css';
import type { AsideStore } from './aside-store.ts';
import { HistoryWhy } from './history-why.tsx';
import { isManager, isSupervisor, type Role } from './may.ts';

export type HistoryExportProps = Readonly<{
  store: AsideStore;
  member: MemberView;
  /** The card in front: the other export is of everybody who holds its type. */
  card: CardView | undefined;
  role: Role;
  /** A form of her cards is open in its place: what is half typed here stays. */
  isHidden: boolean;
}>;

/** The button that had opened the form has the focus again when the form goes, and the focus with it. */
function useWayBack(opened: HistoryScope['kind'] | null): RefObject<HTMLDivElement | null> {
  const buttons = useRef<HTMLDivElement>(null);
  const before = useRef(opened);
  useEffect(() => {
    const [hers, ofType] = buttons.current?.querySelectorAll('button') ?? [];
    const opener = before.current === 'cardType' ? ofType : hers;
    if (opened === null && before.current !== null && hasLostFocus()) opener?.focus();
    before.current = opened;
  }, [opened]);
  return buttons;
}

/** Her history as a file, or that of all who hold this kind of card; why, is asked first. */
export function HistoryExport({ store, member, card, role, isHidden }: HistoryExportProps) {
  const { t, cardName, failure } = useWords();
  const { exporting, asking, ...does } = useStore(store);
  const { memberId, supportId } = member;
  const draft = asking?.memberId === memberId ? asking : null;
  const buttons = useWayBack(draft?.scope.kind ?? null);
  if (!isSupervisor(role)) return null;
  const isBusy = exporting.status === 'busy';
  const askForHers = (): void =>
    does.ask({ memberId, scope: { kind: 'member', memberId }, name: `history-${supportId}.csv` });
  const askForType = ({ cardTypeId }: CardView): void =>
    does.ask({ memberId, scope: { kind: 'cardType', cardTypeId }, name: `history-${cardTypeId}.csv` });
  return (
    <div hidden={isHidden}>
      <section aria-label={t('historyExport.title')} className={styles['rows']} data-testid="history-export">
        <div className={styles['buttons']} ref={buttons}>
          <Button onPress={askForHers} isDisabled={isBusy} testId="export-member">
            {t('historyExport.member')}
          </Button>
          {isManager(role) && card !== undefined && (
            <Button onPress={() => askForType(card)} isDisabled={isBusy} testId="export-card-type">
              {t('historyExport.cardType', { card: cardName(card) })}
            </Button>
          )}
          <span role="status">
            {isBusy && t('historyExport.busy')}
            {exporting.status === 'done' && draft === null && t('historyExport.done')}
          </span>
        </div>
        {draft !== null && (
          <HistoryWhy
            key={draft.name}
            {...{ draft, isBusy, isHidden }}
            onSay={does.say}
            onClose={does.stopAsking}
            onBegin={() => void does.exportHistory()}
          />
        )}
        {exporting.status === 'failed' && <FailureNotice words={failure(exporting.failure)} />}
      </section>
    </div>
  );
}
