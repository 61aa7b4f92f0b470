import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { saveFile } from '../../lib/host.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import layout from '../../ui/list-and-detail.module.css';
import type { DevicesStore } from './devices-store.ts';
import styles from './doctor.module.css';

export type DiagnosisProps = Readonly<{ text: string; devices: DevicesStore }>;

/** What support asks for: to be copied, or as a file that the person puts where she wants it. */
export function Diagnosis({ text, devices }: DiagnosisProps) {
  const { t } = useWords();
  const { closeDiagnosis } = useStore(devices);
  const field = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  const copy = (): void => {
    field.current?.select();
    // The old way on purpose: the new one asks for a permission that the page does not have.
    setIsCopied(document.execCommand('copy'));
  };
  const save = (): void =>
    saveFile({ name: 'counterfoil-scanners.json', type: 'application/json', parts: [`${text}\n`] });
  return (
    <Sheet title={t('doctor.diagnosis.title')} onClose={closeDiagnosis}>
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
      <div className={layout['deeds']}>
        <Button look="primary" onPress={save} testId="save-diagnosis">
          {t('doctor.diagnosis.save')}
        </Button>
        <Button onPress={copy} testId="copy">
          {t('doctor.diagnosis.copy')}
        </Button>
        <Button hotkey="Esc" onPress={closeDiagnosis}>
          {t('keys.close')}
        </Button>
      </div>
      <p className={layout['soft']} role="status">
        {isCopied && t('doctor.diagnosis.copied')}
      </p>
    </Sheet>
  );
}
