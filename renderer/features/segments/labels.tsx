import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import type { Segment, TagRule } from '../../../sync/model/segment.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Field } from '../../ui/field.tsx';
import { Tick } from '../../ui/tick.tsx';
import { Form } from './form.tsx';
import { Groups } from './groups.tsx';
import styles from './labels.module.css';
import type { LabelsStore } from './labels-store.ts';

export type LabelsProps = Readonly<{
  store: LabelsStore;
  till: TillView;
  segments: readonly Segment[];
  onEditRule: (rule: TagRule, ownerId: string) => void;
}>;

/** Groups that people are put into, and rules that put tags on them. */
export function Labels({ store, till, segments, onEditRule }: LabelsProps) {
  const { failure } = useWords();
  const failed = useStore(store, (state) => state.failure);
  useEffect(() => void store.getState().open(), [store]);
  if (till.session?.person.role !== 'manager') return null;
  return (
    <div className={styles['labels']} data-testid="labels">
      {failed !== null && <FailureNotice words={failure(failed)} />}
      <Groups store={store} />
      <TagRules {...{ store, till, segments, onEditRule }} />
    </div>
  );
}

function TagRules({ store, till, segments, onEditRule }: LabelsProps) {
  const { t } = useWords();
  const ownerId = till.session?.person.staffId ?? '';
  const { rules, ran, isBusy, retireRule, run } = useStore(store);
  return (
    <section className={styles['part']} aria-label={t('labels.rules')}>
      <h2 className={styles['title']}>{t('labels.rules')}</h2>
      <p className={styles['soft']}>{t('labels.rulesHint')}</p>
      <ul className={styles['rows']}>
        {rules.map((rule) => (
          <li key={rule.tagRuleId} className={styles['row']} data-testid="rule-row">
            <span>
              {t('labels.rule', { tag: rule.tag, segment: rule.name })}
              <span className={styles['detail']}>
                {t(rule.isLifted ? 'labels.lifted' : 'labels.stays')}
                {rule.authorTillId !== till.enrolment?.tillId && ` · ${t('labels.otherTill')}`}
              </span>
            </span>
            <span className={styles['deeds']}>
              <Button
                look="quiet"
                label={t('labels.edit', { name: rule.tag })}
                isDisabled={isBusy}
                onPress={() => onEditRule(rule, ownerId)}
                testId="rule-edit"
              >
                {t('segments.edit')}
              </Button>
              <Button
                look="quiet"
                label={t('labels.retire', { name: rule.tag })}
                isDisabled={isBusy}
                onPress={() => void retireRule(rule)}
              >
                {t('segments.retire')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <NewRule {...{ store, till, segments }} />
      {rules.length > 0 && (
        <div className={styles['row']}>
          <Button onPress={() => void run()} isDisabled={isBusy} testId="rules-run">
            {t('labels.run')}
          </Button>
          <p role="status">
            {ran !== null &&
              (ran.resting === null
                ? t('labels.ran', { tagged: ran.tagged, untagged: ran.untagged })
                : t(`labels.resting.${ran.resting}`))}
          </p>
        </div>
      )}
    </section>
  );
}

function NewRule({ store, till, segments }: Omit<LabelsProps, 'onEditRule'>) {
  const { t, named } = useWords();
  const { isBusy, addRule } = useStore(store);
  const [segmentId, setSegmentId] = useState('');
  const [tag, setTag] = useState('');
  const [isLifted, setLifted] = useState(true);
  const segment = segments.find((each) => each.segmentId === segmentId);
  const [authorTillId, ownerId] = [till.enrolment?.tillId, till.session?.person.staffId];
  const add = (): void => {
    if (segment === undefined || tag.trim() === '' || authorTillId === undefined || ownerId === undefined)
      return;
    const ask = { segment, tag: tag.trim(), isLifted };
    void addRule(ask, { authorTillId, ownerId }).then((isDone) => isDone && setTag(''));
  };
  if (segments.length === 0) return <p className={styles['soft']}>{t('labels.segmentFirst')}</p>;
  return (
    <Form onSubmit={add}>
      <Choices
        label={t('labels.ofSegment')}
        value={segmentId}
        onChange={setSegmentId}
        options={segments.map((each) => ({ value: each.segmentId, label: named(each.name, each.nameZh) }))}
      />
      <Field label={t('about.newTag')} value={tag} onChange={setTag} maxLength={40} name="rule-tag" />
      <Tick isOn={isLifted} onChange={setLifted}>
        {t('labels.liftedHint')}
      </Tick>
      <Button
        onPress={add}
        isDisabled={isBusy || segment === undefined || tag.trim() === ''}
        testId="rule-add"
      >
        {t('labels.addRule')}
      </Button>
    </Form>
  );
}
