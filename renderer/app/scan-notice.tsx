import type { ReactNode } from 'react';
import type { NobodysKind } from '../../electron/contract/events.ts';
import { useWords } from '../lib/words.ts';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import type { ScanNotice } from './place-store.ts';
import { readableCode } from './readable-code.ts';

export type ScanNoticeViewProps = Readonly<{
  notice: ScanNotice;
  /** The member on the screen, to whom an unused card may go; '' when nobody is there. */
  memberName: string;
  onEnrol: (cardNumber: string) => void;
  onIssue: (cardNumber: string) => void;
  onOpen: (notice: Extract<ScanNotice, { kind: 'held' }>) => void;
  /** What becomes of what somebody has typed here if she opens the member now. */
  typed: TypedHere;
  /** Looks for a code in the box; null where a form must not be left. */
  onSearch: ((text: string) => void) | null;
  onEnrolPhone: ((phone: string) => void) | null;
  onClose: () => void;
}>;

/** `waits`: the form is there when she comes back. `edit`: until somebody else is edited. `lost`: at once. */
export type TypedHere = 'waits' | 'edit' | 'lost';
const HELD_NEXT = { waits: 'scan.heldNext', edit: 'scan.heldNextEdit', lost: 'scan.heldNextLost' } as const;

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
          detail={t(HELD_NEXT[props.typed])}
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
    case 'merged':
      return (
        <Notice
          tone="wait"
          icon="people"
          testId="scan-notice"
          title={t('merge.saved', notice)}
          detail={t('merge.savedNext')}
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
    case 'filled-phone':
      return (
        <Notice tone="done" testId="scan-notice" title={t('scan.filledPhone')}>
          {close}
        </Notice>
      );
    case 'not-a-card':
      return <NobodysCode {...props} notice={notice} close={close} />;
    case 'payment-card':
    case 'id-document':
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

type NobodysProps = ScanNoticeViewProps &
  Readonly<{ notice: Extract<ScanNotice, { kind: 'not-a-card' }>; close: ReactNode }>;

/** So long a text is no number that somebody is known by. */
const SEARCH_SIGNS_MAX = 40;
const SEARCHED: ReadonlySet<NobodysKind> = new Set(['wallet', 'member-card', 'unknown']);

/** A quiet line: what the code was, as it reads, and the step that fits it. */
function NobodysCode({ notice, onSearch, onEnrolPhone, close }: NobodysProps) {
  const { t } = useWords();
  const { what, text } = notice;
  const isSearched = SEARCHED.has(what) && text.length <= SEARCH_SIGNS_MAX;
  return (
    <Notice
      tone="plain"
      icon="scan"
      testId="scan-notice"
      title={t(`nobodys.${what}`)}
      detail={t('scan.reads', { text: readableCode(text) })}
    >
      {isSearched && onSearch && (
        <Button onPress={() => onSearch(text)} keepsFocus>
          {t('scan.search')}
        </Button>
      )}
      {what === 'phone' && onEnrolPhone && (
        <Button look="primary" onPress={() => onEnrolPhone(text)} keepsFocus>
          {t('scan.enrolPhone')}
        </Button>
      )}
      {close}
    </Notice>
  );
}
