import type { ReactNode } from 'react';
import { join } from './join.ts';
import styles from './pill.module.css';
import tones from './tones.module.css';

export type PillProps = Readonly<{
  /** `plain` is a fact that asks for nothing: it stands back. */
  tone: 'plain' | 'done' | 'wait' | 'warn' | 'refuse';
  children: ReactNode;
  testId?: string;
}>;

/** A state in one word. */
export function Pill({ tone, children, testId }: PillProps) {
  return (
    <span
      className={join(styles['pill'], tones[tone === 'plain' ? 'calm' : tone])}
      {...(testId === undefined ? {} : { 'data-testid': testId })}
    >
      {children}
    </span>
  );
}
