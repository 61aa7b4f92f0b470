import { useRef, useState } from 'react';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import styles from './doctor.module.css';

export type DiagnosisProps = Readonly<{ text: string; onClose: () => void }>;

/** What support asks for, to be copied: the page may write no file. */
export function Diagnosis({ text, onClose }: DiagnosisProps) {
  const { t } = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  const copy = (): void => {
    field.current?.select();
    // The old way on purpose: the new one asks for a permission that the page does not have.
    setIsCopied(document.execCommand('copy'));
  };
  return (
    <Sheet title={t('doctor.diagnosis.title')} onClose={onClose}>
      <p>{t('doctor.diagnosis.lead')}</p>
      <textarea
        ref={field}
        className={styles['diagnosis']}
        value={text}
        readOnly
        rows={16}
        aria-label={t('doctor.diagnosis.title')}
        data-testid="diagnosis"
      />
      <div className={styles['deeds']}>
        <Button look="primary" onPress={copy} testId="copy">
          {t('doctor.diagnosis.copy')}
        </Button>
        <Button hotkey="Esc" onPress={onClose}>
          {t('keys.close')}
        </Button>
        <span className={styles['soft']} role="status">
          {isCopied && t('doctor.diagnosis.copied')}
        </span>
      </div>
    </Sheet>
  );
}
