import type { ReactNode } from 'react';
import styles from './desk.module.css';
import { join } from './join.ts';

/** The mark: a ticket whose till half is torn at the perforation. */
export function Mark() {
  return (
    <svg
      className={styles['mark']}
      viewBox="0 0 32 32"
      fill="currentColor"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M3 7h15.5v18H3v-5.5a3.5 3.5 0 0 0 0-7z" />
      <path d="M22 7h7v5.5a3.5 3.5 0 0 0 0 7V25h-7z" opacity=".55" />
    </svg>
  );
}

export type DeskProps = Readonly<{
  brand: string;
  title: string;
  lead?: ReactNode;
  isWide?: boolean;
  children?: ReactNode;
}>;

/** A page of its own, before there is a shop to show. */
export function Desk({ brand, title, lead, isWide = false, children }: DeskProps) {
  return (
    <main className={styles['desk']}>
      <div className={join(styles['page'], isWide && styles['wide'])}>
        <p className={styles['brand']}>
          <Mark />
          {brand}
        </p>
        <h1 className={styles['title']}>{title}</h1>
        {lead !== undefined && <p className={styles['lead']}>{lead}</p>}
        {children}
      </div>
    </main>
  );
}
