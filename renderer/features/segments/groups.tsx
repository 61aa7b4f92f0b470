import { useState } from 'react';
import { useStore } from 'zustand';
import type { Group } from '../../../sync/model/chain.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from './form.tsx';
import styles from './labels.module.css';
import type { GroupNames, LabelsStore } from './labels-store.ts';

/** Groups that people are put into: new ones, other names, put away. Whoever is in one stays in it. */
export function Groups({ store }: Readonly<{ store: LabelsStore }>) {
  const { t, named } = useWords();
  const { groups, isBusy, addGroup, renameGroup, retireGroup } = useStore(store);
  const [edited, setEdited] = useState<Group | null>(null);
  const rename = (group: Group, names: GroupNames): Promise<boolean> =>
    renameGroup(group, names).then((isDone) => {
      if (isDone) setEdited(null);
      return isDone;
    });
  return (
    <section className={styles['part']} aria-label={t('labels.groups')}>
      <h2 className={styles['title']}>{t('labels.groups')}</h2>
      {groups.length === 0 && <p className={styles['soft']}>{t('labels.noGroups')}</p>}
      <ul className={styles['rows']}>
        {groups.map((group) => (
          <li key={group.groupId} className={styles['row']} data-testid="group-row">
            {named(group.name, group.nameZh)}
            <Button
              look="quiet"
              label={t('labels.renameGroup', { name: group.name })}
              isDisabled={isBusy}
              onPress={() => setEdited(group)}
              testId="group-rename"
            >
              {t('labels.rename')}
            </Button>
            <Button
              look="quiet"
              label={t('labels.retire', { name: group.name })}
              isDisabled={isBusy}
              onPress={() => void retireGroup(group)}
            >
              {t('segments.retire')}
            </Button>
          </li>
        ))}
      </ul>
      {edited === null ? (
        <NamesForm label={t('labels.newGroup')} press={t('about.add')} isBusy={isBusy} onSave={addGroup} />
      ) : (
        <NamesForm
          key={edited.groupId}
          label={t('labels.renameGroup', { name: edited.name })}
          press={t('labels.saveGroup')}
          start={edited}
          isBusy={isBusy}
          onSave={(names) => rename(edited, names)}
        />
      )}
    </section>
  );
}

type NamesFormProps = Readonly<{
  label: string;
  press: string;
  start?: GroupNames;
  isBusy: boolean;
  onSave: (names: GroupNames) => Promise<boolean>;
}>;

function NamesForm({ label, press, start, isBusy, onSave }: NamesFormProps) {
  const { t } = useWords();
  const [name, setName] = useState(start?.name ?? '');
  const [nameZh, setNameZh] = useState(start?.nameZh ?? '');
  const save = (): void => {
    if (name.trim() === '' || isBusy) return;
    void onSave({ name: name.trim(), nameZh: nameZh.trim() }).then((isDone) => {
      if (!isDone) return;
      setName('');
      setNameZh('');
    });
  };
  return (
    <Form onSubmit={save}>
      <Field
        label={label}
        value={name}
        onChange={setName}
        maxLength={60}
        isFirst={start !== undefined}
        name={start === undefined ? 'new-group' : 'group-name'}
      />
      <Field
        label={t('labels.nameZh')}
        value={nameZh}
        onChange={setNameZh}
        maxLength={60}
        name="group-name-zh"
      />
      <Button
        onPress={save}
        isDisabled={isBusy || name.trim() === ''}
        testId={start === undefined ? 'group-add' : 'group-save'}
      >
        {press}
      </Button>
    </Form>
  );
}
