import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components/Button';
import { useStore } from 'zustand';
import type { InboxItem } from '../../../electron/contract/inbox.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button as ShowMore } from '../../ui/button.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import { neighbourOf } from './choices.ts';
import type { InboxStore } from './inbox-store.ts';
import styles from './inbox.module.css';
import { storyOf } from './what-happened.ts';

/** Everything that waits, the oldest first; arrows walk it. */
export function ItemList({ store }: Readonly<{ store: InboxStore }>) {
  const { t } = useWords();
  const { view, chosenId, choose, more } = useStore(store);
  const list = useRef<HTMLElement>(null);
  const items = view?.items ?? [];
  useEffect(() => {
    // The first time the list is there, and when what was answered made room for the next one.
    const isFree = document.activeElement === document.body || list.current?.contains(document.activeElement);
    if (isFree) list.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
  }, [chosenId]);
  const walk = (step: 1 | -1): void => {
    const next = neighbourOf(items, chosenId, step);
    if (next !== null) void choose(next);
  };
  return (
    <nav ref={list} className={layout['list']} aria-label={t('inbox.list')}>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <Line
              item={item}
              isChosen={item.id === chosenId}
              onChoose={() => void choose(item.id)}
              onWalk={walk}
            />
          </li>
        ))}
      </ul>
      {view?.hasMore === true && (
        <div className={styles['more']}>
          <p className={layout['soft']}>{t('inbox.more')}</p>
          <ShowMore onPress={() => void more()} testId="inbox-more">
            {t('inbox.showMore')}
          </ShowMore>
        </div>
      )}
    </nav>
  );
}

type LineProps = Readonly<{
  item: InboxItem;
  isChosen: boolean;
  onChoose: () => void;
  onWalk: (step: 1 | -1) => void;
}>;

function Line({ item, isChosen, onChoose, onWalk }: LineProps) {
  const words = useWords();
  const nowMs = useNow(60_000);
  // Of a pair both: whom it is about is what tells one clash from the next.
  const name = item.people
    .map((person) => person.name)
    .filter((known) => known !== '')
    .join(' + ');
  return (
    <Button
      className={join(layout['line'], isChosen && layout['chosen'])}
      aria-current={isChosen}
      onPress={onChoose}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown') onWalk(1);
        else if (event.key === 'ArrowUp') onWalk(-1);
        // The page hears function keys and Esc at the window.
        else event.continuePropagation();
      }}
      data-testid="inbox-item"
      data-kind={item.kind}
    >
      <span className={layout['lineTitle']}>{storyOf(words, item).title}</span>
      <span className={layout['soft']}>
        {name !== '' && `${name} · `}
        {words.formats.when(item.atMs, nowMs)}
      </span>
    </Button>
  );
}
