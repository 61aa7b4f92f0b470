import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { CONDITIONS_MAX } from '../../../sync/model/segment.ts';
import type { NameOf } from '../../lib/segment-words.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { Tick } from '../../ui/tick.tsx';
import { ConditionRow } from './condition-row.tsx';
import { isWhole, newCondition, type ConditionDraft, type RuleDraft, type SegmentDraft } from './draft.ts';
import type { SegmentsStore } from './segments-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './segments.module.css';

export type SegmentEditorProps = Readonly<{
  store: SegmentsStore;
  till: TillView;
  nameOf: NameOf;
  decimals: number;
}>;

/** The rules of a segment, with how many they mean while they are being written. */
export function SegmentEditor({ store, till, nameOf, decimals }: SegmentEditorProps) {
  const { t, formats } = useWords();
  const state = useStore(store);
  const { draft, found, words, attributes, isSaving, change, cancel, save, readWords } = state;
  if (draft === null) return null;
  const put = (next: Partial<SegmentDraft>): void => void change({ ...draft, ...next }, decimals);
  const putCondition = (at: number, next: ConditionDraft): void => {
    if (words[next.field] === undefined) void readWords(next.field);
    put({ conditions: draft.conditions.map((each, other) => (other === at ? next : each)) });
  };
  return (
    <section className={layout['sheet']} aria-label={t('segments.rules')} data-testid="segment-editor">
      <Field
        label={t('segments.name')}
        value={draft.name}
        onChange={(name) => put({ name })}
        isRequired
        isFirst
        maxLength={60}
        name="segment-name"
      />
      {draft.rule === null && (
        <Field
          label={t('segments.nameZh')}
          value={draft.nameZh}
          onChange={(nameZh) => put({ nameZh })}
          maxLength={60}
          name="segment-name-zh"
        />
      )}
      <Choices
        label={t('segments.matchLabel')}
        value={draft.match}
        onChange={(match) => put({ match })}
        options={[
          { value: 'all', label: t('segments.matchAll') },
          { value: 'any', label: t('segments.matchAny') },
        ]}
      />
      <ol className={styles['conditions']}>
        {draft.conditions.map((condition, at) => (
          // Conditions have no names; a row keeps its place until it is removed.
          <li key={at}>
            <ConditionRow
              {...{ condition, at, till, attributes, nameOf, decimals }}
              words={words[condition.field] ?? []}
              onChange={(next) => putCondition(at, next)}
              onRemove={
                draft.conditions.length === 1
                  ? null
                  : () => put({ conditions: draft.conditions.filter((_, other) => other !== at) })
              }
            />
          </li>
        ))}
      </ol>
      <div>
        <Button
          onPress={() => {
            const added = newCondition('tags');
            if (words['tags'] === undefined) void readWords('tags');
            put({ conditions: [...draft.conditions, added] });
          }}
          isDisabled={draft.conditions.length >= CONDITIONS_MAX}
          testId="condition-add"
        >
          {t('segments.addCondition')}
        </Button>
      </div>
      {draft.rule === null ? <Trial draft={draft} put={put} /> : <RuleTag rule={draft.rule} put={put} />}
      <footer className={layout['head']}>
        <p className={styles['figure']} data-testid="segment-found" aria-live="polite">
          {found === null ? '…' : t('segments.people', { count: found, text: formats.number(found) })}
        </p>
        <div className={layout['deeds']}>
          <Button onPress={cancel}>{t('segments.cancel')}</Button>
          <Button
            look="primary"
            onPress={() => void save(decimals)}
            isDisabled={!isWhole(draft, decimals) || isSaving}
            testId="segment-save"
          >
            {t('segments.save')}
          </Button>
        </div>
      </footer>
    </section>
  );
}

type Put = (next: Partial<SegmentDraft>) => void;

/** Of a segment: for trying something out, and its halves. */
function Trial({ draft, put }: Readonly<{ draft: SegmentDraft; put: Put }>) {
  const { t } = useWords();
  return (
    <>
      <Choices
        label={t('segments.share')}
        value={draft.share}
        onChange={(share) => put({ share })}
        options={[
          { value: 'whole', label: t('segments.shareWhole') },
          { value: 'a', label: t('segments.shareA') },
          { value: 'b', label: t('segments.shareB') },
        ]}
      />
      <Tick isOn={draft.isTest} onChange={(isTest) => put({ isTest })}>
        {t('segments.testHint')}
      </Tick>
    </>
  );
}

/** Of a tag rule: which tag, and whether it comes off again. */
function RuleTag({ rule, put }: Readonly<{ rule: RuleDraft; put: Put }>) {
  const { t } = useWords();
  return (
    <>
      <Field
        label={t('labels.tag')}
        value={rule.tag}
        onChange={(tag) => put({ rule: { ...rule, tag } })}
        hint={rule.tag.trim() === rule.saved.tag ? undefined : t('labels.tagKept', { tag: rule.saved.tag })}
        isRequired
        maxLength={40}
        name="rule-edit-tag"
      />
      <Tick isOn={rule.isLifted} onChange={(isLifted) => put({ rule: { ...rule, isLifted } })}>
        {t('labels.liftedHint')}
      </Tick>
    </>
  );
}
