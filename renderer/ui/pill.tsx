import type { ReactNode } from 'react';
import { join } from './join.ts';
import styles from './pill.module.css';

export type PillProps = Readonly<{
  tone: 'plain' | 'done' | 'wait' | 'warn' | 'refuse';
  children: ReactNode;
  testId?: string;
}>;

/** A state in one word. */
export function Pill({ tone, children, testId }: PillProps) {
  return (
    <span
      className={join(styles['pill'], styles[tone])}
      {...(testId === undefined ? {} : { 'data-testid': testId })}
    >
      {children}
    </span>
  );
}
