import { useContext, useMemo } from 'react';
import { KeyboardContext } from '../lib/keyboard.tsx';
import { useWords } from '../lib/words.ts';
import { Button, KeyCap } from '../ui/button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import styles from './shell.module.css';

/** Every key of the screen behind it, read off what is bound at that moment. */
export function KeySheet({ onClose }: Readonly<{ onClose: () => void }>) {
  const { t } = useWords();
  const keyboard = useContext(KeyboardContext);
  const bound = useMemo(() => keyboard.list(), [keyboard]);
  const always = [
    { key: '0–9 A–Z', label: t('keys.type') },
    { key: 'Enter', label: t('keys.enter') },
    { key: '↑ ↓', label: t('keys.walk') },
    { key: '← →', label: t('keys.cards') },
  ];
  return (
    <Sheet title={t('keys.title')} onClose={onClose}>
      <dl className={styles['keys']} data-testid="key-sheet">
        {[...always, ...bound.toSorted((left, right) => rank(left.key) - rank(right.key))].map(
          ({ key, label }) => (
            <KeyLine key={key} name={key === 'Escape' ? 'Esc' : key} label={label} />
          ),
        )}
      </dl>
      <Button look="primary" hotkey="Esc" onPress={onClose}>
        {t('keys.close')}
      </Button>
    </Sheet>
  );
}

const rank = (key: string): number => (/^F\d+$/.test(key) ? Number(key.slice(1)) : 99);

function KeyLine({ name, label }: Readonly<{ name: string; label: string }>) {
  return (
    <>
      <dt>
        <KeyCap name={name} />
      </dt>
      <dd>{label}</dd>
    </>
  );
}
