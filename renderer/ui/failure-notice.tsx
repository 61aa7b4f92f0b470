import type { ReactNode } from 'react';
import { Notice } from './notice.tsx';

export interface FailureWords {
  readonly code: string;
  readonly what: string;
  /** What is safe, and what to do next. */
  readonly advice: string;
  /** For whoever supports the till; '' when there is none. */
  readonly detail: string;
}
export type FailureNoticeProps = Readonly<{ words: FailureWords; children?: ReactNode }>;

/** What happened, what is safe, what to do next. */
export function FailureNotice({ words, children }: FailureNoticeProps) {
  const { code, what, advice, detail } = words;
  return (
    <Notice
      tone="refuse"
      testId="failure"
      code={code}
      title={what}
      detail={detail === '' ? advice : `${advice} (${detail})`}
    >
      {children}
    </Notice>
  );
}
