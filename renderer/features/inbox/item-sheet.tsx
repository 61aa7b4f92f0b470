import { useStore } from 'zustand';
import type { InboxItem } from '../../../electron/contract/inbox.ts';
import { useKeys, type KeyMap } from '../../lib/keyboard.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Pill } from '../../ui/pill.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import { AnswerForm } from './answer-form.tsx';
import { choicesOf, isOffered, isSameChoice } from './choices.ts';
import { choiceLabel, decisionText } from './decision.ts';
import { Evidence, type EvidenceProps } from './evidence.tsx';
import styles from './inbox.module.css';
import { placeText, storyOf } from './what-happened.ts';

export type ItemSheetProps = EvidenceProps;

/** One item: what happened and why, what is known of it, and each answer with what it does. */
export function ItemSheet({ store, item, till, onOpenMember }: ItemSheetProps) {
  const words = useWords();
  const { t, formats } = words;
  const { saying, held, ask } = useStore(store);
  const { title, what } = storyOf(words, item);
  const choices = choicesOf(item).filter((choice) => isOffered(choice, held));
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
      {held?.hopeless != null && (
        <Notice
          tone="plain"
          icon="warn"
          title={t('inbox.hopeless.title')}
          detail={t(`inbox.hopeless.${held.hopeless}`)}
          testId="held-hopeless"
        />
      )}
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

/** Who decided, what, when and why. */
function Answered({ item }: Readonly<{ item: InboxItem }>) {
  return (
    <p className={layout['soft']} data-testid="inbox-answered">
      {decisionText(useWords(), item)}
    </p>
  );
}
