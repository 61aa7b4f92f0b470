import { useStore } from 'zustand';
import type { InboxItem } from '../../../electron/contract/inbox.ts';
import { useKeys, type KeyMap } from '../../lib/keyboard.tsx';
import { useWords, type Words } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Pill } from '../../ui/pill.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import { AnswerForm } from './answer-form.tsx';
import { choicesOf, isSameChoice, type Choice } from './choices.ts';
import { Evidence, type EvidenceProps } from './evidence.tsx';
import styles from './inbox.module.css';
import { placeText, storyOf, valueText } from './what-happened.ts';

export type ItemSheetProps = EvidenceProps;

/** One item: what happened and why, what is known of it, and each answer with what it does. */
export function ItemSheet({ store, item, till, onOpenMember }: ItemSheetProps) {
  const words = useWords();
  const { t, formats } = words;
  const { saying, held, ask } = useStore(store);
  const { title, what } = storyOf(words, item);
  // A form that could mend nothing is not offered.
  const choices = choicesOf(item).filter(
    ({ action }) => action !== 'repair' || (held?.fields.length ?? 0) > 0,
  );
  const asked = saying.status === 'idle' ? null : saying.choice;
  const bound = choices.flatMap((choice) =>
    choice.hotkey === undefined
      ? []
      : [[choice.hotkey, { label: choiceLabel(words, choice, item), act: () => ask(choice) }] as const],
  );
  const keys: KeyMap = Object.fromEntries(bound);
  useKeys('screen', keys);
  return (
    <article
      className={join(layout['sheet'], styles['sheet'])}
      data-testid="inbox-sheet"
      data-kind={item.kind}
    >
      <header className={layout['sheetHead']}>
        <div>
          <p className={layout['soft']}>
            {formats.moment(item.atMs)} · {placeText(words, item.place)}
          </p>
          <h2 className={layout['what']}>{title}</h2>
        </div>
        {item.answered !== null && <Pill tone="done">{t('inbox.answered')}</Pill>}
      </header>
      <p className={styles['story']}>{what}</p>
      <Evidence {...{ store, item, till, onOpenMember }} />
      {item.answered !== null && <Answered item={item} />}
      {choices.length > 0 && (
        <ul className={styles['choices']} aria-label={t('inbox.choices')}>
          {choices.map((choice) => (
            <li key={`${choice.word} ${choice.into?.memberId ?? ''}`} className={styles['choice']}>
              <Button
                hotkey={choice.hotkey}
                look={choice.needsReason ? 'danger' : 'plain'}
                onPress={() => ask(choice)}
                testId={`answer-${choice.action}`}
              >
                {choiceLabel(words, choice, item)}
              </Button>
              <p className={layout['soft']}>{t(`inbox.does.${choice.word}`)}</p>
              {asked !== null && isSameChoice(asked, choice) && (
                <AnswerForm
                  store={store}
                  choice={choice}
                  label={choiceLabel(words, choice, item)}
                  till={till}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

function choiceLabel(words: Words, { word, into, action }: Choice, { sides }: InboxItem): string {
  const { t } = words;
  if (into !== null) return t('inbox.say.merge', { name: into.name });
  const side = action === 'restore' ? sides?.[1] : action === 'keep' ? sides?.[0] : undefined;
  return t(`inbox.say.${word}`, { value: side === undefined ? '' : valueText(words, side.value) });
}

function Answered({ item }: Readonly<{ item: InboxItem }>) {
  const { t, formats } = useWords();
  const { answered } = item;
  if (answered === null) return null;
  const who = answered.by === '' ? t('inbox.byItself') : answered.by;
  return (
    <p className={layout['soft']} data-testid="inbox-answered">
      {t('inbox.answeredBy', {
        who,
        when: answered.atMs === null ? '' : formats.moment(answered.atMs),
      })}
      {answered.reason !== '' && ` · ${answered.reason}`}
    </p>
  );
}
