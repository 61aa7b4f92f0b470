import { useRef, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import type { Session, TillView } from '../../electron/contract/till.ts';
import { useKeys, type KeyMap } from '../lib/keyboard.tsx';
import { useWords } from '../lib/words.ts';
import { Icon } from '../ui/icon.tsx';
import { railOf, type RailPlace } from './rail-places.ts';
import styles from './rail.module.css';
import type { Stores } from './stores.ts';

/** Places beyond the tenth have no key of their own. */
const keyOf = (at: number): string | null => (at < 10 ? `Ctrl+${(at + 1) % 10}` : null);

/** A longer number says no more than that it is a lot. */
const COUNT_SHOWN_MAX = 99;

export type RailProps = Readonly<{ stores: Stores; session: Session; screen: TillView['screen'] }>;

/** The places of the manager's desk. Nothing at all for a cashier. */
export function Rail({ stores, session, screen }: RailProps) {
  const places = railOf(session.person.role, screen);
  return places.length === 0 ? null : <Places stores={stores} places={places} />;
}

function Places({ stores, places }: Readonly<{ stores: Stores; places: readonly RailPlace[] }>) {
  const { t } = useWords();
  const nav = useRef<HTMLElement>(null);
  const waiting = useStore(stores.inboxCount, ({ open }) => open ?? 0);
  const here = useStore(stores.place, (state) => state.backTo ?? state.place);
  const keys = places.flatMap((place, at): [string, KeyMap[string]][] => {
    const key = keyOf(at);
    return key === null ? [] : [[key, { label: t(`rail.${place.place}`), act: () => place.open(stores) }]];
  });
  useKeys('app', Object.fromEntries(keys));
  const walk = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...(nav.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  };
  return (
    // Arrows are a shorter way between its buttons; each is reached by Tab as well.
    <nav ref={nav} className={styles['rail']} aria-label={t('rail.label')} data-screen-only>
      {places.map((place, at) => (
        <button
          key={place.place}
          type="button"
          className={styles['place']}
          aria-current={here === place.place ? 'page' : undefined}
          aria-keyshortcuts={keyOf(at)?.replace('Ctrl', 'Control') ?? undefined}
          data-begins-group={at > 0 && place.group !== places[at - 1]?.group ? '' : undefined}
          data-testid={`rail-${place.place}`}
          onClick={() => place.open(stores)}
          onKeyDown={walk}
        >
          <Icon name={place.icon} size={22} />
          <span>{t(`rail.${place.place}`)}</span>
          {place.place === 'inbox' && waiting > 0 && (
            <span className={styles['waiting']} data-testid="inbox-waiting">
              {waiting > COUNT_SHOWN_MAX ? `${COUNT_SHOWN_MAX}+` : waiting}
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}
