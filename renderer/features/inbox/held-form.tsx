import { useStore } from 'zustand';
import type { HeldField, HeldOpView } from '../../../electron/contract/inbox.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Field } from '../../ui/field.tsx';
import { textOf } from './held-values.ts';
import type { InboxStore } from './inbox-store.ts';
import styles from './inbox.module.css';
import { opName } from '../../lib/op-name.ts';
import { fieldName } from './what-happened.ts';

export type HeldFormProps = Readonly<{ store: InboxStore; held: HeldOpView; till: TillView }>;

const OWN_NAMES = [
  'count',
  'points',
  'cost',
  'amountMinor',
  'creditMinor',
  'receiptNo',
  'reason',
  'cardNumber',
  'cardTypeVersion',
  'rewardId',
  'newUnits',
  'openingUnits',
] as const;

const BY_RULE: ReadonlySet<HeldOpView['reason']> = new Set<HeldOpView['reason']>([
  ...(['unknown_rule', 'unknown_reward', 'beyond_rule'] as const),
]);

/** What the action was, and the fields that somebody can put right; the repair below takes them along. */
export function HeldForm({ store, held, till }: HeldFormProps) {
  const words = useWords();
  const { t, formats } = words;
  const { texts, typeField } = useStore(store);
  const decimals = till.chain?.currencyDecimals ?? 2;
  const wrong = t(BY_RULE.has(held.reason) ? 'inbox.wrongByRule' : 'inbox.wrong');
  const nameOf = ({ path }: HeldField): string => {
    const last = path.split('.').at(-1) ?? path;
    const own = OWN_NAMES.find((name) => name === last);
    return own === undefined ? fieldName(words, last) : t(`inbox.field.${own}`);
  };
  return (
    <div className={styles['held']} data-testid="held-op">
      <p>
        {opName(words, held.opKind)} · {held.actorName} · {formats.moment(held.wallMs)}
      </p>
      {held.fields.length > 0 && (
        <div className={styles['fields']}>
          {held.fields.map((field) => (
            <Field
              key={field.path}
              label={nameOf(field)}
              value={texts[field.path] ?? textOf(field, decimals)}
              onChange={(text) => typeField(field.path, text)}
              error={field.isWrong && texts[field.path] === undefined ? wrong : ''}
              inputMode={field.kind === 'count' ? 'numeric' : field.kind === 'money' ? 'decimal' : 'text'}
              name={`held.${field.path}`}
            />
          ))}
        </div>
      )}
    </div>
  );
}
