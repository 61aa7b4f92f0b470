import { useStore } from 'zustand';
import { StaffRole } from '../../../sync/model/chain.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { Select } from '../../ui/select.tsx';
import { Tick } from '../../ui/tick.tsx';
import styles from './chain.module.css';
import type { PersonDraft, PersonField } from './drafts.ts';
import { ChainForm, useProblem, type PartProps } from './form.tsx';
import { Lines } from './lines.tsx';
import { Pins } from './pins.tsx';

/** Who works in the chain. */
export function PeoplePart({ store, till }: PartProps) {
  const { t } = useWords();
  const { people, shops, unsent, find, draft, typeFind, choose } = useStore(store);
  const selfId = till.session?.person.staffId;
  const isWhole = till.session?.person.role === 'manager';
  const wanted = find.trim().toLowerCase();
  const shopOf = (storeId: string | undefined): string =>
    shops.find((shop) => shop.storeId === storeId)?.name ?? t('chain.people.wholeChain');
  const lines = people
    .filter(({ name, login }) => `${name}\n${login}`.toLowerCase().includes(wanted))
    .map(({ staffId, name, role, storeId, isGone }) => ({
      id: staffId,
      title: name,
      detail: [
        t(`role.${role}`),
        shopOf(storeId),
        ...(staffId === selfId ? [t('chain.people.you')] : []),
      ].join(' · '),
      ended: isGone ? t('chain.people.left') : '',
      unsent: unsent.has(staffId) ? t('chain.notSent') : '',
    }));
  return (
    <div className={layout['body']}>
      <Lines
        label={t('chain.people.list')}
        lines={lines}
        chosenId={draft?.id}
        onChoose={choose}
        testId="chain-person"
      >
        {isWhole ? (
          <Button look="primary" onPress={() => choose(null)} testId="person-add">
            {t('chain.people.add')}
          </Button>
        ) : (
          <p className={layout['soft']}>{t('chain.people.pinsOnly')}</p>
        )}
        <Field
          label={t('chain.people.find')}
          value={find}
          onChange={typeFind}
          maxLength={60}
          name="find-person"
        />
        {lines.length === 0 && people.length > 0 && (
          <p className={layout['soft']}>{t('chain.people.nobody')}</p>
        )}
      </Lines>
      <Chosen store={store} till={till} isWhole={isWhole} />
    </div>
  );
}

/** The form of whoever is chosen; of a supervisor's the PIN alone, and of nobody whom she may not see. */
function Chosen({ store, till, isWhole }: PartProps & Readonly<{ isWhole: boolean }>) {
  const { t } = useWords();
  const { people, draft } = useStore(store);
  if (draft?.part !== 'people' || (!isWhole && !people.some(({ staffId }) => staffId === draft.id)))
    return <p className={layout['panel']}>{t('chain.people.choose')}</p>;
  if (isWhole) return <PersonForm store={store} till={till} draft={draft} key={draft.id} />;
  return (
    <ChainForm store={store} title={draft.known?.name ?? ''}>
      <Pins {...{ store, till, draft }} />
    </ChainForm>
  );
}

export type PersonFormProps = PartProps & Readonly<{ draft: PersonDraft }>;

function PersonForm({ store, till, draft }: PersonFormProps) {
  const { t } = useWords();
  const { shops, type, turn } = useStore(store);
  const problem = useProblem(store);
  const { texts, known, isOn } = draft;
  const set = (field: PersonField) => (text: string) => type(field, text);
  const open = shops.filter(({ storeId, isRetired }) => isRetired !== true || storeId === texts.storeId);
  const roles = StaffRole.options;
  const role = roles.find((each) => each === texts.role) ?? 'cashier';
  return (
    <ChainForm store={store} title={known?.name ?? t('chain.people.new')}>
      <div className={styles['pair']}>
        <Field
          {...{ label: t('chain.people.name'), value: texts.name, name: 'person-name', maxLength: 60 }}
          onChange={set('name')}
          error={problem('name')}
          isRequired
          isFirst={known === null}
        />
        <Field
          {...{ label: t('chain.people.login'), value: texts.login, name: 'person-login', maxLength: 40 }}
          hint={t('chain.people.loginHint')}
          onChange={set('login')}
          error={problem('login')}
          isRequired
        />
      </div>
      <div className={styles['pair']}>
        <div className={styles['told']}>
          <Select
            {...{ label: t('chain.people.role'), value: role, name: 'person-role' }}
            options={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
            onChange={set('role')}
          />
          <p className={layout['soft']}>{t(`chain.people.roleHint.${role}`)}</p>
        </div>
        <div className={styles['told']}>
          <Select
            {...{ label: t('chain.people.shop'), value: texts.storeId, name: 'person-shop' }}
            options={[
              { value: '', label: t('chain.people.wholeChain') },
              ...open.map(({ storeId, name }) => ({ value: storeId, label: name })),
            ]}
            onChange={set('storeId')}
          />
          <p className={layout['soft']}>{t('chain.people.shopHint')}</p>
        </div>
      </div>
      <Pins {...{ store, till, draft }} />
      {known !== null && (
        <Tick isOn={isOn} onChange={turn} hint={t('chain.people.isGoneHint')}>
          {t('chain.people.isGone')}
        </Tick>
      )}
    </ChainForm>
  );
}
