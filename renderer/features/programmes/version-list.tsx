import type { CardType } from '../../../sync/model/chain.ts';
import { rulesIn } from '../../../sync/programmes/card-rules.ts';
import { useWords } from '../../lib/words.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './programmes.module.css';

const SHOWN = 8;

/** Every version stays: entries name the one that made them. */
export function VersionList({ type }: Readonly<{ type: CardType }>) {
  const { t, formats, named } = useWords();
  if (type.version === 0) return null;
  return (
    <section className={layout['panel']} aria-label={t('programmes.versions')}>
      <h2 className={styles['group']}>{t('programmes.versions')}</h2>
      <ol className={styles['versions']}>
        {[rulesIn(type), ...type.earlier].slice(0, SHOWN).map((rules) => (
          <li key={rules.version}>
            <span>
              {t('programmes.version', { version: rules.version, name: named(rules.name, rules.nameZh) })}
            </span>
            <span className={layout['soft']}>
              {t('programmes.from', { day: formats.day(rules.validFrom) })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
