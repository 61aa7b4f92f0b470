import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import type { CardView, MemberView } from '../../../electron/contract/views.ts';
import type { Policy } from '../../../sync/model/policy-text.ts';
import { isSegmentTag } from '../../../sync/model/segment.ts';
import { useKeys } from '../../lib/keyboard.tsx';
import { profileText } from '../../lib/member-fields.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { ReadPolicy } from '../../parts/read-policy.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Pill } from '../../ui/pill.tsx';
import { careOf } from './card-keys.ts';
import styles from './member-page.module.css';
import { isManager, leaveActionsOf, stateActionsOf } from './may.ts';
import type { PanelKind } from './panel.ts';
import { Reveal, type RevealProps } from './reveal.tsx';

const MINUTE_MS = 60_000;
const DANGERS: ReadonlySet<PanelKind> = new Set<PanelKind>(['block', 'report-lost', 'remove', 'anonymise']);
const STATE_TONES = { active: 'done', locked: 'warn', blocked: 'refuse', anonymised: 'plain' } as const;

export type MemberHeaderProps = RevealProps &
  Readonly<{
    card: CardView | undefined;
    policy: Policy | null;
    onPanel: (kind: PanelKind) => void;
    onConsent: () => void;
    onEdit: () => void;
    onMessage: () => void;
    onSame: () => void;
    isAboutOpen: boolean;
    onAbout: () => void;
  }>;

/** Who she is, in which state, what she agreed to. */
export function MemberHeader(props: MemberHeaderProps) {
  const { member, policy, onConsent } = props;
  const { t } = useWords();
  const { fields, state } = member;
  const tags = member.extras.tags.filter((tag) => !isSegmentTag(tag));
  return (
    <header className={styles['header']}>
      <div>
        <div className={styles['who']}>
          <h1 className={styles['name']} data-testid="member-name" data-selectable>
            {fields.prefix !== '' && `${fields.prefix} `}
            {member.name}
          </h1>
          <Pill tone={STATE_TONES[state]} testId="member-state">
            {t(`state.${state}`)}
          </Pill>
          <TierPill tier={member.tier} />
          {tags.map((tag) => (
            <Pill key={tag} tone="plain">
              {tag}
            </Pill>
          ))}
          {member.pendingOps > 0 && (
            <Pill tone="wait">{t('member.pending', { count: member.pendingOps })}</Pill>
          )}
          <AriaButton
            className={styles['consent'] ?? ''}
            preventFocusOnPress
            onPress={onConsent}
            aria-pressed={member.hasMarketingConsent}
            data-testid="marketing-consent"
          >
            <Icon name={member.hasMarketingConsent ? 'check' : 'close'} size={18} />
            {t(member.hasMarketingConsent ? 'member.marketingYes' : 'member.marketingNo')}
          </AriaButton>
          <ReadPolicy policy={policy} />
        </div>
        <Facts member={member} />
        <Reveal key={member.memberId} {...props} />
        <Benefits tier={member.tier} />
      </div>
      <HeaderButtons {...props} />
    </header>
  );
}

/** As of today: one that ran out is none. Reached by a sale that is still on its way: said so. */
function TierPill({ tier }: Pick<MemberView, 'tier'>) {
  const { t, named } = useWords();
  if (tier.tierId === '') return null;
  const name = named(tier.name, tier.nameZh);
  return (
    <Pill tone={tier.isReachedHere ? 'wait' : 'plain'} testId="member-tier">
      {tier.isReachedHere ? t('member.tierHere', { name }) : name}
    </Pill>
  );
}

/** What her tier gives, for the cashier to say. */
function Benefits({ tier }: Pick<MemberView, 'tier'>) {
  const { t, named } = useWords();
  const benefits = named(tier.benefits, tier.benefitsZh);
  if (benefits === '') return null;
  return (
    <p className={styles['facts']} data-testid="tier-benefits">
      {t('member.benefits', { tier: named(tier.name, tier.nameZh), benefits })}
    </p>
  );
}

function Facts({ member }: Pick<MemberHeaderProps, 'member'>) {
  const { t, formats } = useWords();
  const nowMs = useNow(MINUTE_MS);
  const { lastVisitAtMs } = member;
  const email = profileText(member, 'email');
  return (
    <p className={styles['facts']}>
      <b data-selectable>{member.mobileText === '' ? t('member.noMobile') : member.mobileText}</b>
      {email !== '' && <span data-selectable>{email}</span>}
      <span>
        {lastVisitAtMs === null
          ? t('member.noVisit')
          : t('member.lastVisit', { when: formats.ago(lastVisitAtMs, nowMs) })}
      </span>
      <span>{t('member.since', { year: formats.year(member.createdAtMs) })}</span>
      <span data-selectable>{t('member.supportId', { id: member.supportId })}</span>
    </p>
  );
}

function HeaderButtons(props: MemberHeaderProps) {
  const { member, card, role, onPanel, onEdit, onMessage, onSame, isAboutOpen, onAbout } = props;
  const { t } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  useKeys('screen', {
    F7: { label: t('member.edit'), act: onEdit },
    'Ctrl+I': { label: t('about.title'), act: onAbout },
    F9: { label: t('member.more'), act: () => setIsOpen(true) },
  });
  const care = card === undefined ? [] : careOf(card).map(({ deed }) => deed as PanelKind);
  const canWrite = member.state !== 'anonymised' && !member.extras.isRemoved;
  const data: PanelKind[] = card !== undefined && canWrite ? ['card-data'] : [];
  const states = member.extras.isRemoved ? [] : stateActionsOf(member.state, role);
  const deeds = [...data, ...care, ...states, ...leaveActionsOf(member, role)].map((kind) => ({
    id: kind,
    label: t(`panel.${kind}.title`),
    act: () => onPanel(kind),
    isDanger: DANGERS.has(kind),
  }));
  const message = { id: 'message', label: t('member.message'), act: onMessage, isDanger: false };
  const same = { id: 'same-person', label: t('merge.title'), act: onSame, isDanger: false };
  const entries = canWrite ? [message, ...(isManager(role) ? [same] : []), ...deeds] : deeds;
  return (
    <div className={styles['buttons']}>
      <Button hotkey="F7" onPress={onEdit} keepsFocus>
        {t('member.edit')}
      </Button>
      <Button hotkey="Ctrl+I" onPress={onAbout} keepsFocus testId="about-toggle">
        {t(isAboutOpen ? 'about.close' : 'about.open')}
      </Button>
      <Menu label={t('member.more')} entries={entries} isOpen={isOpen} onOpenChange={setIsOpen}>
        <Button hotkey="F9" onPress={() => setIsOpen(true)} keepsFocus isDisabled={entries.length === 0}>
          {t('member.more')}
        </Button>
      </Menu>
    </div>
  );
}
