import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { join } from './join.ts';
import styles from './notice.module.css';
import tones from './tones.module.css';

export type Tone = 'done' | 'plain' | 'wait' | 'warn' | 'refuse';
const ICONS: Readonly<Record<Tone, IconName>> = {
  done: 'check',
  plain: 'scan',
  wait: 'sync',
  warn: 'warn',
  refuse: 'close',
};

export type NoticeProps = Readonly<{
  tone: Tone;
  title: ReactNode;
  detail?: ReactNode;
  icon?: IconName;
  children?: ReactNode;
  testId?: string;
  /** Of a refusal: a stable handle, whatever the language. */
  code?: string;
}>;

/** What happened, said where the eye is; buttons that answer it come as children. */
export function Notice({ tone, title, detail, icon, children, testId, code }: NoticeProps) {
  return (
    <div
      className={join(styles['notice'], tones[tone])}
      role={tone === 'refuse' || tone === 'warn' ? 'alert' : 'status'}
      data-tone={tone}
      {...(code === undefined ? {} : { 'data-code': code })}
      {...(testId === undefined ? {} : { 'data-testid': testId })}
    >
      <Icon name={icon ?? ICONS[tone]} />
      <div className={styles['words']}>
        <p className={styles['title']}>{title}</p>
        {detail !== undefined && detail !== '' && <p className={styles['detail']}>{detail}</p>}
      </div>
      {children !== undefined && <div className={styles['actions']}>{children}</div>}
    </div>
  );
}
