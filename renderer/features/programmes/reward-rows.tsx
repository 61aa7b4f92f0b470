import { useStore } from 'zustand';
import { newOpId } from '../../lib/new-op-id.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import type { RewardText } from './draft.ts';
import type { ProgrammesStore } from './programmes-store.ts';
import styles from './programmes.module.css';

const REWARDS_MAX = 20;

/** Several rewards, each at its own count. */
export function RewardRows({ store }: Readonly<{ store: ProgrammesStore }>) {
  const { t } = useWords();
  const { chosen, draft, opened, problems, edit } = useStore(store);
  if (draft === null || chosen === null) return null;
  const { rewards } = draft;
  // The form opens at the name of the card; a row takes the focus when somebody adds it.
  const isAdded = rewards.length > (opened?.rewards.length ?? 0);
  const set = (at: number, change: Partial<RewardText>): void =>
    edit({ rewards: rewards.map((reward, index) => (index === at ? { ...reward, ...change } : reward)) });
  const add = (): void =>
    edit({
      rewards: [
        ...rewards,
        { rewardId: newOpId(), name: '', nameZh: '', cost: chosen.kind === 'coupon' ? '1' : '' },
      ],
    });
  return (
    <>
      <ul className={styles['rewards']}>
        {rewards.map((reward, at) => (
          <li key={reward.rewardId} className={styles['reward']}>
            <Field
              label={t('programmes.reward.name')}
              value={reward.name}
              onChange={(name) => set(at, { name })}
              placeholder={chosen.kind === 'coupon' ? draft.texts.name : ''}
              maxLength={80}
              isFirst={reward.name === '' && at === rewards.length - 1 && isAdded}
            />
            <Field
              label={t('programmes.reward.nameZh')}
              value={reward.nameZh}
              onChange={(nameZh) => set(at, { nameZh })}
              maxLength={80}
            />
            <Field
              label={t(
                `programmes.reward.cost.${chosen.kind === 'stamp' || chosen.kind === 'coupon' ? chosen.kind : 'points'}`,
              )}
              value={reward.cost}
              onChange={(cost) => set(at, { cost })}
              inputMode="numeric"
              maxLength={10}
            />
            <Button
              onPress={() => edit({ rewards: rewards.filter((_, index) => index !== at) })}
              label={t('programmes.reward.remove', { name: reward.name })}
            >
              {t('programmes.reward.removeShort')}
            </Button>
          </li>
        ))}
      </ul>
      {problems.rewards === true && (
        <p className={styles['problem']}>
          {t(rewards.length === 0 ? 'programmes.reward.none' : 'programmes.reward.problem')}
        </p>
      )}
      <div>
        <Button onPress={add} isDisabled={rewards.length >= REWARDS_MAX} testId="reward-add">
          {t('programmes.reward.add')}
        </Button>
      </div>
    </>
  );
}
