import type { Tier } from '../../../sync/model/chain.ts';
import { tierRulesIn } from '../../../sync/programmes/tiers.ts';
import { useWords } from '../../lib/words.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './programmes.module.css';

const SHOWN = 8;

/** Every version of a tier stays: what somebody reached under one, she reached. */
export function TierVersions({ tier }: Readonly<{ tier: Tier }>) {
  const { t, formats, named } = useWords();
  return (
    <section className={layout['panel']} aria-label={t('programmes.versions')}>
      <h2 className={styles['group']}>{t('programmes.versions')}</h2>
      <ol className={styles['versions']}>
        {[tierRulesIn(tier), ...tier.earlier].slice(0, SHOWN).map((rules) => (
          <li key={rules.version}>
            <span>
              {t('programmes.version', { version: rules.version, name: named(rules.name, rules.nameZh) })}
            </span>
            <span className={layout['soft']}>
              {rules.thresholdMinor === 0
                ? t('programmes.tierByHand')
                : t('programmes.reachedAt', { amount: formats.money(rules.thresholdMinor) })}
              {' · '}
              {t('programmes.from', { day: formats.day(rules.validFrom) })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
