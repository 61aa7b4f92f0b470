import { useState } from 'react';
import type { Policy } from '../../sync/model/policy-text.ts';
import { useWords } from '../lib/words.ts';
import { Button } from '../ui/button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import styles from './read-policy.module.css';

/**
 * Where consent is asked: what this version says, word for word, and nothing where the chain has no text of it. A text
 * and nothing else, whatever stands in it; no field, before which a touch screen would open its keyboard.
 */
export function ReadPolicy({ policy }: Readonly<{ policy: Policy | null }>) {
  const { t } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  if (policy?.policyText === undefined) return null;
  const close = (): void => setIsOpen(false);
  return (
    <>
      <div>
        <Button look="quiet" keepsFocus onPress={() => setIsOpen(true)} testId="read-policy">
          {t('policy.read')}
        </Button>
      </div>
      {isOpen && (
        <Sheet title={t('policy.title', { version: policy.policyVersion })} onClose={close}>
          <p className={styles['words']} data-selectable data-testid="policy-words">
            {policy.policyText}
          </p>
          <div className={styles['foot']}>
            <Button hotkey="Esc" onPress={close}>
              {t('keys.close')}
            </Button>
          </div>
        </Sheet>
      )}
    </>
  );
}
