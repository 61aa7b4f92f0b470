import { useWords } from '../lib/words.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import type { LateFailure } from './place-store.ts';

export type LateNoticeProps = Readonly<{
  late: LateFailure;
  /** The enrolment that it is about is still there to go on with. */
  hasForm: boolean;
  onOpen: () => void;
  onClose: () => void;
}>;

/** Something that failed after the cashier had gone on: what it was, for whom, what is safe and what to do. */
export function LateNotice({ late, hasForm, onOpen, onClose }: LateNoticeProps) {
  const { t, failure } = useWords();
  const { code, what, advice } = failure(late.failure);
  const isEnrolment = late.memberId === null;
  return (
    <Notice
      tone="refuse"
      testId="late-failure"
      code={code}
      title={t('late.title', { what: t(`late.${late.method}`), name: late.name })}
      detail={t('late.why', { what, advice })}
    >
      {(!isEnrolment || hasForm) && (
        <Button onPress={onOpen} keepsFocus>
          {isEnrolment ? t('late.toForm') : t('scan.open', { name: late.name })}
        </Button>
      )}
      <Button look="quiet" onPress={onClose} keepsFocus>
        {t('keys.close')}
      </Button>
    </Notice>
  );
}
