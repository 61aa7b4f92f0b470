import { useStore } from 'zustand';
import { chooseFile, saveFile } from '../../lib/host.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './imports.module.css';
import type { ImportsStore } from './imports-store.ts';
import { Progress } from './progress.tsx';

const TYPES = { csv: 'text/csv', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' };

/** A file of the person's, or an empty one to fill in. */
export function ChooseStep({ store }: Readonly<{ store: ImportsStore }>) {
  const { t } = useWords();
  const { choose, template, sent } = useStore(store);
  const take = async (): Promise<void> => {
    const file = await chooseFile({ accept: '.csv,.txt,.tsv,.xlsx' });
    if (file !== null) await choose(file);
  };
  const save = async (name: 'members-csv' | 'members-xlsx' | 'tags-csv'): Promise<void> => {
    const made = await template(name);
    const type = name.endsWith('xlsx') ? TYPES.xlsx : TYPES.csv;
    if (made !== null) saveFile({ name: made.name, type, parts: [made.bytes] });
  };
  return (
    <section className={layout['sheet']} aria-label={t('imports.step.choose')}>
      <p>{t('imports.lead')}</p>
      {sent === null ? (
        <div className={layout['deeds']}>
          <Button look="primary" size="large" onPress={() => void take()} testId="import-choose">
            {t('imports.choose')}
          </Button>
        </div>
      ) : (
        <Progress label={t('imports.sending')} value={sent} />
      )}
      <h2 className={styles['subtitle']}>{t('imports.templates')}</h2>
      <p className={styles['soft']}>{t('imports.templatesLead')}</p>
      <div className={layout['deeds']}>
        <Button onPress={() => void save('members-xlsx')} testId="template-xlsx">
          {t('imports.template.xlsx')}
        </Button>
        <Button onPress={() => void save('members-csv')} testId="template-csv">
          {t('imports.template.csv')}
        </Button>
        <Button onPress={() => void save('tags-csv')} testId="template-tags">
          {t('imports.template.tags')}
        </Button>
      </div>
    </section>
  );
}
