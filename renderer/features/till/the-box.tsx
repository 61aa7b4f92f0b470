import type { KeyboardEvent, RefObject } from 'react';
import { Button } from 'react-aria-components/Button';
import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { sayingKey } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { RESULT_LIST_ID, resultId } from './result-ids.ts';
import { hitsOf } from './lookup.ts';
import type { SearchStore } from './search-store.ts';
import styles from './the-box.module.css';

export type TheBoxProps = Readonly<{
  store: SearchStore;
  /** Where typing goes when nothing else needs it. */
  inputRef: RefObject<HTMLInputElement | null>;
  /** Arrows in an empty box walk the member's cards. */
  onStepCard: (step: 'next' | 'previous') => void;
}>;

/** The one box: card, phone in any notation, last four digits, look-up ID, name, e-mail. */
export function TheBox({ store, inputRef, onStepCard }: TheBoxProps) {
  const { t } = useWords();
  const { text, lookup, activeAt, type, step, take, clear } = useStore(store);
  const hits = hitsOf(lookup);
  const active = hits[activeAt];
  const onKeyDown = (event: KeyboardEvent): void => {
    const isEmpty = text === '';
    const acts: Readonly<Record<string, (() => void) | undefined>> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Enter: take,
      ArrowRight: isEmpty ? () => onStepCard('next') : undefined,
      ArrowLeft: isEmpty ? () => onStepCard('previous') : undefined,
    };
    const act = event.nativeEvent.isComposing ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div className={styles['box']} role="search">
      <span className={styles['icon']}>
        <Icon name="search" size={22} />
      </span>
      <input
        ref={inputRef}
        className={styles['input']}
        data-testid="the-box"
        role="combobox"
        aria-label={t('box.label')}
        aria-expanded={hits.length > 0}
        aria-controls={RESULT_LIST_ID}
        aria-autocomplete="list"
        {...(active && { 'aria-activedescendant': resultId(active) })}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={t('box.placeholder')}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
      />
      {text !== '' && (
        <Button
          className={styles['clear'] ?? ''}
          preventFocusOnPress
          excludeFromTabOrder
          render={sayingKey('Esc')}
          onPress={clear}
          aria-label={t('box.clear')}
        >
          <Icon name="close" />
        </Button>
      )}
    </div>
  );
}
