import { useWords } from '../lib/words.ts';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import type { ScanNotice } from './place-store.ts';

export type ScanNoticeViewProps = Readonly<{
  notice: ScanNotice;
  /** The member on the screen, to whom an unused card may go; '' when nobody is there. */
  memberName: string;
  onEnrol: (cardNumber: string) => void;
  onIssue: (cardNumber: string) => void;
  onOpen: (notice: Extract<ScanNotice, { kind: 'held' }>) => void;
  onClose: () => void;
}>;

const ending = (cardNumber: string): string => cardNumber.slice(-4);

function unknownDetail({ isOwnStock, centre }: Extract<ScanNotice, { kind: 'unknown-card' }>) {
  if (isOwnStock) return 'scan.unknownOwn';
  if (centre === 'asking') return 'scan.asking';
  return centre === 'nobody' ? 'scan.noneAnywhere' : 'scan.unknownOther';
}

/** What the last scan was, and the next step that fits it. */
export function ScanNoticeView(props: ScanNoticeViewProps) {
  const { t, failure } = useWords();
  const { notice, memberName, onClose } = props;
  const close = (
    <Button look="quiet" onPress={onClose} keepsFocus>
      {t('keys.close')}
    </Button>
  );
  switch (notice.kind) {
    case 'unknown-card':
      return (
        <Notice
          tone={notice.isOwnStock ? 'plain' : 'wait'}
          icon="scan"
          testId="scan-notice"
          title={t('scan.unknown', { ending: ending(notice.cardNumber) })}
          detail={t(unknownDetail(notice))}
        >
          {memberName !== '' && (
            <Button onPress={() => props.onIssue(notice.cardNumber)} keepsFocus>
              {t('scan.issueTo', { name: memberName })}
            </Button>
          )}
          <Button look="primary" onPress={() => props.onEnrol(notice.cardNumber)} keepsFocus>
            {t('scan.enrolWith')}
          </Button>
          {close}
        </Notice>
      );
    case 'held':
      return (
        <Notice
          tone="plain"
          testId="scan-notice"
          title={t('scan.held', { name: notice.member.name })}
          detail={t('scan.heldNext')}
        >
          <Button onPress={() => props.onOpen(notice)}>{t('scan.open', { name: notice.member.name })}</Button>
          {close}
        </Notice>
      );
    case 'filled':
      return (
        <Notice
          tone="done"
          testId="scan-notice"
          title={t('scan.filled', { ending: ending(notice.cardNumber) })}
        >
          {close}
        </Notice>
      );
    case 'joined':
      return (
        <Notice
          tone="done"
          testId="scan-notice"
          title={t('enrol.joined', { name: notice.name })}
          detail={t('act.savedHere')}
        >
          {close}
        </Notice>
      );
    case 'card-taken':
      return (
        <Notice
          tone="refuse"
          testId="scan-notice"
          title={t('scan.taken', { ending: ending(notice.cardNumber) })}
          detail={t('scan.takenNext')}
        >
          {close}
        </Notice>
      );
    case 'failed':
      return <FailureNotice words={failure(notice.failure)}>{close}</FailureNotice>;
    case 'not-a-card':
    case 'payment-card':
    case 'bad-read':
      return (
        <Notice
          tone="warn"
          testId="scan-notice"
          title={t(`scan.${notice.kind}`)}
          detail={t(`scanNext.${notice.kind}`)}
        >
          {close}
        </Notice>
      );
  }
}
