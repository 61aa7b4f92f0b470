import { useState } from 'react';
import { isSegmentTag } from '../../../sync/model/segment.ts';
import { PROFILE_FIELDS, profileText } from '../../lib/member-fields.ts';
import { isFed } from '../../../sync/model/attributes.ts';
import { useWords } from '../../lib/words.ts';
import { AttributeField } from '../../parts/attribute-field.tsx';
import { changedIn, hasWrongValue, stillTyped } from '../../parts/attribute-values.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Tick } from '../../ui/tick.tsx';
import styles from './about.module.css';
import type { IntentCall } from './intent.ts';
import { isSupervisor } from './may.ts';
import { MemberLinks } from './member-links.tsx';
import { Consents, Coupons, Overview } from './overview.tsx';
import { Receipts, type ReceiptsProps } from './receipts.tsx';
import { SegmentTicks } from './segment-ticks.tsx';

type Patch = Extract<IntentCall, { method: 'members.setExtras' }>['input']['patch'];

export type AboutMemberProps = ReceiptsProps & Readonly<{ onSet: (patch: Patch) => void }>;

/** Everything that is known of the person beside her cards; each thing is saved by itself. */
export function AboutMember(props: AboutMemberProps) {
  const { member, till, known, onRun } = props;
  const { t } = useWords();
  return (
    <section className={styles['about']} aria-label={t('about.title')} data-testid="about-member">
      <div className={styles['column']}>
        <Overview {...{ member, known }} hasAllStores={till.screen === 'office'} />
        <Profile member={member} />
        <Marks {...props} />
      </div>
      <div className={styles['column']}>
        <Coupons {...{ member, till }} onIssue={(call) => void onRun(call)} />
        <SegmentTicks {...{ member, known }} role={props.role} onSet={props.onSet} />
        <Tags {...props} />
        <Groups {...props} />
        {till.chain?.linkBase !== undefined && (
          <MemberLinks base={till.chain.linkBase} supportId={member.supportId} />
        )}
      </div>
      <div className={styles['column']}>
        <Consents {...{ member, known }} />
        <Receipts {...props} />
        <Custom {...props} key={member.memberId} />
      </div>
    </section>
  );
}

/** What was written down when she joined, and since; what is empty is left out. */
function Profile({ member }: Pick<AboutMemberProps, 'member'>) {
  const { t, formats } = useWords();
  const filled = PROFILE_FIELDS.map((field) => [field, profileText(member, field)] as const);
  const isDay = (field: string): boolean => field === 'dateOfBirth' && member.fields[field] !== null;
  const facts: [string, string][] = [
    ...filled.flatMap(([field, text]): [string, string][] =>
      text === '' ? [] : [[t(`field.${field}`), isDay(field) ? formats.day(text) : text]],
    ),
    [t('about.supportId'), member.supportId],
    [t('about.memberId'), member.memberId],
    [t('about.homeStore'), member.homeStore],
    [t('about.joined'), formats.date(member.createdAtMs)],
    [t('about.policy'), member.pdpaPolicy],
  ];
  return (
    <>
      <h2 className={styles['heading']}>{t('about.profile')}</h2>
      <dl className={styles['facts']}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-selectable>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Whether somebody made sure that the number and the address are hers. */
function Marks({ member, role, onSet }: AboutMemberProps) {
  const { t } = useWords();
  const { verified } = member.extras;
  return (
    <>
      <h2 className={styles['heading']}>{t('about.verified')}</h2>
      {(['mobile', 'email'] as const).map((mark) => (
        <Tick
          key={mark}
          isOn={verified[mark]}
          isReadOnly={!isSupervisor(role)}
          onChange={(isOn) => onSet({ verified: { [mark]: isOn } })}
        >
          {t(`about.mark.${mark}`)}
        </Tick>
      ))}
    </>
  );
}

function Tags({ member, role, onSet }: AboutMemberProps) {
  const { t } = useWords();
  const [text, setText] = useState('');
  // Who was put into a segment by hand stands there.
  const tags = member.extras.tags.filter((tag) => !isSegmentTag(tag));
  const add = (): void => {
    if (text.trim() === '') return;
    onSet({ tags: { add: [text.trim()], remove: [] } });
    setText('');
  };
  return (
    <>
      <h2 className={styles['heading']}>{t('about.tags')}</h2>
      <div className={styles['words']}>
        {tags.length === 0 && <p className={styles['none']}>{t('about.noTags')}</p>}
        {tags.map((tag) => (
          <span key={tag} className={styles['word']}>
            {tag}
            {isSupervisor(role) && (
              <Button
                look="quiet"
                label={t('about.takeTag', { tag })}
                onPress={() => onSet({ tags: { add: [], remove: [tag] } })}
              >
                ×
              </Button>
            )}
          </span>
        ))}
      </div>
      {isSupervisor(role) && (
        <form
          className={styles['line']}
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Field label={t('about.newTag')} value={text} onChange={setText} maxLength={40} name="new-tag" />
          <Button onPress={add} testId="add-tag">
            {t('about.add')}
          </Button>
        </form>
      )}
    </>
  );
}

function Groups({ about, member, role, onSet }: AboutMemberProps) {
  const { t, named } = useWords();
  const { groups } = member.extras;
  const shown = about.groups.filter(
    ({ id, body }) => groups.includes(id) || (body['isRetired'] !== true && isSupervisor(role)),
  );
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  const nameOf = ({ id, body }: (typeof shown)[number]): string =>
    named(textOf(body['name']) || id, textOf(body['nameZh']));
  return (
    <>
      <h2 className={styles['heading']}>{t('about.groups')}</h2>
      {shown.length === 0 && <p className={styles['none']}>{t('about.noGroups')}</p>}
      {shown.map((group) => (
        <Tick
          key={group.id}
          isOn={groups.includes(group.id)}
          isReadOnly={!isSupervisor(role)}
          onChange={(isOn) =>
            onSet({ groups: isOn ? { add: [group.id], remove: [] } : { add: [], remove: [group.id] } })
          }
        >
          {nameOf(group)}
        </Tick>
      ))}
    </>
  );
}

/** The chain's own columns. Only what was typed over is sent. */
function Custom({ about, member, role, onRun }: AboutMemberProps) {
  const { t, named } = useWords();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const { custom } = member.extras;
  const [isSaying, setSaying] = useState(false);
  const valueOf = (id: string): string => typed[id] ?? custom[id] ?? '';
  const changed = changedIn(typed, custom);
  const save = async (): Promise<void> => {
    const isWrong = hasWrongValue(about.attributes, changed);
    setSaying(isWrong);
    if (isWrong || Object.keys(changed).length === 0) return;
    const { memberId } = member;
    const patch: Patch = { custom: changed };
    const isSaved = await onRun({ method: 'members.setExtras', input: { memberId, patch } });
    setTyped((now) => stillTyped(now, isSaved ? typed : {}));
  };
  const shown = about.attributes.filter(
    ({ attributeId, isRetired }) => custom[attributeId] !== undefined || (!isRetired && !isFed(attributeId)),
  );
  const isGuarded = (attribute: (typeof shown)[number]): boolean =>
    isFed(attribute.attributeId) ||
    (!isSupervisor(role) && (attribute.isSensitive || attribute.attributeId === 'accountAllowed'));
  return (
    <form
      className={styles['fields']}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 className={styles['heading']}>{t('about.more')}</h2>
      {shown.map((attribute) =>
        isGuarded(attribute) ? (
          <p key={attribute.attributeId} className={styles['guarded']}>
            {named(attribute.name, attribute.nameZh)}: <b>{custom[attribute.attributeId] ?? '–'}</b>
            {isFed(attribute.attributeId) && <> ({t('about.fed')})</>}
          </p>
        ) : (
          <AttributeField
            key={attribute.attributeId}
            attribute={attribute}
            value={valueOf(attribute.attributeId)}
            onChange={(text) => setTyped({ ...typed, [attribute.attributeId]: text })}
            isSaying={isSaying && changed[attribute.attributeId] !== undefined}
          />
        ),
      )}
      <Button onPress={() => void save()} isDisabled={Object.keys(changed).length === 0} testId="save-custom">
        {t('about.save')}
      </Button>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}
