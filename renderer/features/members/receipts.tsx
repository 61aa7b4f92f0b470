import type { TillView } from '../../../electron/contract/till.ts';
import type { EntryView, HandReceiptView, MemberView } from '../../../electron/contract/views.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Tick } from '../../ui/tick.tsx';
import { AddReceipt } from './add-receipt.tsx';
import type { Aside } from './aside-state.ts';
import { join } from '../../ui/join.ts';
import aside from './aside.module.css';
import styles from './about.module.css';
import type { IntentCall } from './intent.ts';
import { isManager, isSupervisor, type Role } from './may.ts';
import type { About } from './member-state.ts';

const MINUTE_MS = 60_000;

export type ReceiptsProps = Readonly<{
  about: Extract<About, { status: 'open' }>;
  member: MemberView;
  known: Aside | null;
  till: TillView;
  role: Role;
  onRun: (call: IntentCall) => Promise<boolean>;
  onTakeBack: (receipt: HandReceiptView) => void;
  onMoreReceipts: () => void;
}>;

/**
 * Every receipt of the membership that this copy holds (F62), the newest first, and those that were typed in by hand
 * (F19). A chain whose receipts have no numbers here has no register connected: then only the latter are shown.
 */
export function Receipts(props: ReceiptsProps) {
  const { member, known, role, onRun, onTakeBack, onMoreReceipts } = props;
  const { t, failure } = useWords();
  const { memberId, handReceipts, unlistedReceipts, state, extras } = member;
  const isOpen = state !== 'anonymised' && !extras.isRemoved;
  const rows = [
    ...handReceipts.map((receipt) => ({ day: receipt.day, receipt, entry: null })),
    ...(known?.receipts?.entries ?? []).map((entry) => ({ day: entry.businessDay, receipt: null, entry })),
  ].sort((left, right) => (left.day < right.day ? 1 : left.day > right.day ? -1 : 0));
  return (
    <section className={styles['column']} aria-label={t('receipts.title')} data-testid="receipts">
      <h2 className={styles['heading']}>{t('receipts.title')}</h2>
      {rows.length > 0 && (
        <ol className={aside['rows']}>
          {rows.map(({ receipt, entry }) =>
            receipt === null ? (
              <Purchase key={entry.opId} entry={entry} />
            ) : (
              <ByHand
                key={receipt.receiptId}
                receipt={receipt}
                mayCheck={isManager(role) && isOpen}
                onTakeBack={isSupervisor(role) && isOpen ? () => onTakeBack(receipt) : null}
                onCheck={(isChecked) => {
                  const { receiptId } = receipt;
                  void onRun({ method: 'receipts.check', input: { memberId, receiptId, isChecked } });
                }}
              />
            ),
          )}
        </ol>
      )}
      {unlistedReceipts > 0 && (
        <Notice
          tone="warn"
          title={t('receipts.unlisted', { count: unlistedReceipts })}
          detail={t('receipts.unlistedNext')}
          testId="receipts-unlisted"
        />
      )}
      {known?.receipts?.failure != null && <FailureNotice words={failure(known.receipts.failure)} />}
      {known?.receipts?.hasMore === true && (
        <Button onPress={onMoreReceipts} testId="more-receipts">
          {t('receipts.more')}
        </Button>
      )}
      <AddReceipt key={memberId} {...props} />
    </section>
  );
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

function Purchase({ entry }: Readonly<{ entry: EntryView }>) {
  const { t, formats, units } = useWords();
  const nowMs = useNow(MINUTE_MS);
  return (
    <li>
      <b data-selectable>{entry.receiptNo}</b> {formats.when(entry.wallMs, nowMs)}
      <span className={aside['detail']}>
        {joined([
          entry.amountMinor === null ? '' : formats.money(entry.amountMinor),
          entry.delta === 0 ? '' : units(entry.delta, entry.unit, true),
          entry.isCorrected ? t('history.corrected') : '',
          entry.actorName,
        ])}
      </span>
    </li>
  );
}

type ByHandProps = Readonly<{
  receipt: HandReceiptView;
  mayCheck: boolean;
  onCheck: (isChecked: boolean) => void;
  /** Null for who may not. */
  onTakeBack: (() => void) | null;
}>;

function ByHand({ receipt, mayCheck, onCheck, onTakeBack }: ByHandProps) {
  const { t, formats } = useWords();
  const { receiptNo, day, amountMinor, storeName, note, actorName, wallMs, isChecked, takenBack } = receipt;
  const isBack = takenBack !== null;
  return (
    <li data-testid="hand-receipt" data-checked={isChecked} data-taken-back={isBack}>
      <span className={join(isBack && styles['back'])}>
        <b data-selectable>{receiptNo}</b> {formats.day(day)}
        <span className={aside['detail']}>{joined([formats.money(amountMinor), storeName, note])}</span>
      </span>
      <span className={aside['detail']}>
        {t('receipts.byHand', { name: actorName || '–', day: formats.date(wallMs) })}
      </span>
      {takenBack === null ? (
        <span className={aside['buttons']}>
          <Tick isOn={isChecked} isReadOnly={!mayCheck} onChange={onCheck}>
            {t('receipts.checked')}
          </Tick>
          {onTakeBack !== null && !isChecked && (
            <Button look="quiet" onPress={onTakeBack} testId="take-back-receipt">
              {t('receipts.takeBack')}
            </Button>
          )}
        </span>
      ) : (
        <span>
          {t('receipts.takenBack', { name: takenBack.actorName || '–', day: formats.date(takenBack.wallMs) })}
          <span className={aside['detail']}>{takenBack.reason}</span>
        </span>
      )}
    </li>
  );
}
