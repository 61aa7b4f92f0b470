import { useState } from 'react';
import { copyText } from '../../lib/host.ts';
import { toMemberLink } from '../../lib/member-link.ts';
import { toQrPath } from '../../lib/qr-path.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import styles from './about.module.css';

/** Her own links: to install her card, and to bring somebody along; each to copy, or to be read off the screen. */
export function MemberLinks({ base, supportId }: Readonly<{ base: string; supportId: string }>) {
  const { t } = useWords();
  const [copied, setCopied] = useState('');
  return (
    <>
      <h2 className={styles['heading']}>{t('about.links')}</h2>
      {(['install', 'referral'] as const).map((kind) => {
        const link = toMemberLink(base, kind, supportId);
        return (
          <div key={kind} className={styles['link']}>
            <Qr text={link} label={t(`about.link.${kind}`)} />
            <div>
              <b>{t(`about.link.${kind}`)}</b>
              <p data-selectable>{link}</p>
              <Button onPress={() => setCopied(copyText(link) ? kind : '')} testId={`copy-${kind}`}>
                {t(copied === kind ? 'about.copied' : 'about.copy')}
              </Button>
            </div>
          </div>
        );
      })}
    </>
  );
}

/** Dark on light, whatever the theme: a telephone reads it. */
function Qr({ text, label }: Readonly<{ text: string; label: string }>) {
  const { path, size } = toQrPath(text);
  return (
    <svg
      className={styles['qr']}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <path d={path} fillRule="evenodd" fill="#000" />
    </svg>
  );
}
