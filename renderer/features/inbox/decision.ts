import type { InboxAction, InboxItem } from '../../../electron/contract/inbox.ts';
import type { Words } from '../../lib/words.ts';
import { wordOf, type Choice } from './choices.ts';
import { valueText } from './what-happened.ts';

const ACTIONS: Readonly<Record<InboxAction, true>> = {
  ...{ keep: true, restore: true, merge: true, unmerge: true, apply: true, repair: true, dismiss: true },
  ...{ book: true, discard: true, pursue: true, anonymise: true, resume: true, switch_off: true },
};
const isAction = (text: string): text is InboxAction => Object.hasOwn(ACTIONS, text);

/** What an answer says, in the words of its button. */
export function choiceLabel(
  words: Words,
  { word, into, action }: Pick<Choice, 'word' | 'into' | 'action'>,
  { sides }: InboxItem,
): string {
  const { t } = words;
  if (into !== null) return t('inbox.say.merge', { name: into.name });
  const side = action === 'restore' ? sides?.[1] : action === 'keep' ? sides?.[0] : undefined;
  return t(`inbox.say.${word}`, { value: side === undefined ? '' : valueText(words, side.value) });
}

/** The answer that was given, in the words of its button; '' for what the centre closed by itself. */
function answerText(words: Words, item: InboxItem, answer: string): string {
  const [action = '', intoId = ''] = answer.split(' ');
  if (!isAction(action)) return '';
  const into = item.people.find(({ memberId }) => memberId === intoId) ?? null;
  return choiceLabel(words, { action, into, word: wordOf(action, item) }, item);
}

/** What was decided, who did, when and why; '' while nobody has. */
export function decisionText(words: Words, item: InboxItem): string {
  const { t, formats } = words;
  const { answered } = item;
  if (answered === null) return '';
  const who = answered.by === '' ? t('inbox.byItself') : answered.by;
  const when = answered.atMs === null ? '' : formats.moment(answered.atMs);
  return [answerText(words, item, answered.answer), t('inbox.answeredBy', { who, when }), answered.reason]
    .filter((text) => text !== '')
    .join(' · ');
}
