import { Button } from 'react-aria-components/Button';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { CardKind } from '../../../sync/model/chain.ts';
import { rulesOn } from '../../../sync/programmes/card-rules.ts';
import { useWords } from '../../lib/words.ts';
import inks from '../../ui/inks.module.css';
import { join } from '../../ui/join.ts';
import { Pill } from '../../ui/pill.tsx';
import type { ProgrammesStore } from './programmes-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './programmes.module.css';

export type ProgrammeListProps = Readonly<{ store: ProgrammesStore; till: TillView }>;

/** Card types by kind, then the tiers. */
export function ProgrammeList({ store, till }: ProgrammeListProps) {
  const { businessDay: today } = till;
  const { t, named, formats } = useWords();
  const { types, tiers, chosen, tierDraft, choose, chooseTier } = useStore(store);
  const kinds = CardKind.options.filter((kind) => types.some((type) => type.kind === kind));
  return (
    <nav className={styles['list']} aria-label={t('programmes.list')}>
      {kinds.map((kind) => (
        <section key={kind}>
          <h2 className={styles['group']}>{t(`programmes.kind.${kind}`)}</h2>
          <ul>
            {types
              .filter((type) => type.kind === kind)
              .map((type) => {
                const now = rulesOn(type, today);
                const isChosen = chosen?.cardTypeId === type.cardTypeId;
                return (
                  <li key={type.cardTypeId}>
                    <Button
                      className={join(
                        layout['entry'],
                        styles['item'],
                        inks[type.colour],
                        isChosen && layout['chosen'],
                      )}
                      onPress={() => choose(type.cardTypeId)}
                      aria-current={isChosen}
                      data-testid="programme"
                      data-id={type.cardTypeId}
                    >
                      <span className={styles['itemName']}>{named(now.name, now.nameZh)}</span>
                      {now.isRetired && <Pill tone="plain">{t('programmes.retired')}</Pill>}
                      {type.validFrom > today && (
                        <Pill tone="wait">{t('programmes.from', { day: formats.day(type.validFrom) })}</Pill>
                      )}
                    </Button>
                  </li>
                );
              })}
          </ul>
        </section>
      ))}
      {tiers.length > 0 && (
        <section>
          <h2 className={styles['group']}>{t('programmes.tiers')}</h2>
          <ul>
            {tiers.map((tier) => (
              <li key={tier.tierId}>
                <Button
                  className={join(
                    layout['entry'],
                    styles['item'],
                    tierDraft?.texts.tierId === tier.tierId && layout['chosen'],
                  )}
                  onPress={() => chooseTier(tier.tierId)}
                  data-testid="tier"
                >
                  <span className={styles['itemName']}>{named(tier.name, tier.nameZh)}</span>
                  {tier.thresholdMinor > 0 && (
                    <span className={layout['soft']}>
                      {t('programmes.reachedAt', { amount: formats.money(tier.thresholdMinor) })}
                    </span>
                  )}
                  {tier.validFrom > today && (
                    <Pill tone="wait">{t('programmes.from', { day: formats.day(tier.validFrom) })}</Pill>
                  )}
                  {tier.isRetired && <Pill tone="plain">{t('programmes.retired')}</Pill>}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </nav>
  );
}
