import { useStore } from 'zustand';
import type { MessageCount } from '../../../electron/contract/messages.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ChoiceList } from './choice-list.tsx';
import { MessagePreview } from './message-preview.tsx';
import { ChannelNotice } from './channel-notice.tsx';
import type { MessagesStore } from './messages-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './messages.module.css';
import { useReasons } from './use-reasons.ts';

function CountLine({ count }: Readonly<{ count: MessageCount }>) {
  const { t, formats } = useWords();
  const reason = useReasons();
  if (count.willGet === null)
    return <Notice tone="wait" title={t('messages.countLater')} detail={t('messages.countLaterNext')} />;
  return (
    <div data-testid="message-count">
      <p className={styles['figure']}>
        {t('messages.willGet', { count: count.willGet, text: formats.number(count.willGet) })}
      </p>
      {count.willNot.map(({ reason: code, count: many }) => (
        <p key={code} className={layout['soft']}>
          {t('messages.willNot', { count: many, text: formats.number(many) })} {reason(code)}
        </p>
      ))}
    </div>
  );
}

/** Whom to, which message, who will get it and who not, and the press. */
export function SendForm({ store, chainName }: Readonly<{ store: MessagesStore; chainName: string }>) {
  const { t, formats, named } = useWords();
  const state = useStore(store);
  const { target, templates, segments, filters, templateId, count, act, view } = state;
  const template = templates.find((each) => each.templateId === templateId);
  const reach = count?.willGet ?? null;
  // Nobody sends before she has read to how many; without anybody who could count, the page says so.
  const isReady = target !== null && template !== undefined && count !== null && reach !== 0;
  return (
    <div className={layout['body']} data-testid="send-form">
      <div className={layout['stack']}>
        {target?.kind === 'member' ? (
          <p className={styles['to']}>{t('messages.toMember', { name: target.name })}</p>
        ) : (
          <>
            <ChoiceList
              title={t('messages.toSegment')}
              empty={t('messages.noSegments')}
              chosen={target?.kind === 'segment' ? target.segmentId : ''}
              options={segments.map(({ segmentId, name, nameZh, isTest }) => ({
                ...{ id: segmentId, name: named(name, nameZh) },
                detail: isTest ? t('segments.isTest') : '',
              }))}
              onChoose={(segmentId) => void state.aim({ kind: 'segment', segmentId })}
            />
            {filters.length > 0 && (
              <ChoiceList
                title={t('messages.toFilter')}
                empty=""
                chosen={target?.kind === 'filter' ? target.filterId : ''}
                options={filters.map(({ filterId, name }) => ({ id: filterId, name, detail: '' }))}
                onChoose={(filterId) => {
                  const saved = filters.find((each) => each.filterId === filterId);
                  if (saved) void state.aim({ kind: 'filter', filterId, version: saved.version });
                }}
              />
            )}
          </>
        )}
        <ChoiceList
          title={t('messages.which')}
          empty={t('messages.noTemplates')}
          chosen={templateId}
          options={templates.map((each) => ({
            id: each.templateId,
            name: each.name,
            detail: `${t(`messages.by.${each.channel}`)} · ${t(`messages.for.${each.purpose}`)}`,
          }))}
          onChoose={(id) => void state.choose(id)}
        />
      </div>
      <div className={layout['stack']}>
        {template !== undefined && <MessagePreview template={template} chainName={chainName} />}
        {template !== undefined && <ChannelNotice view={view} channel={template.channel} />}
        {count !== null && <CountLine count={count} />}
        <p className={layout['soft']}>{t('messages.decidedLater')}</p>
        <div className={layout['deeds']}>
          <Button
            look="primary"
            onPress={() => void state.send()}
            isDisabled={!isReady || act.status === 'busy'}
            testId="message-send"
          >
            {reach === null || target?.kind === 'member'
              ? t('messages.send')
              : t('messages.sendTo', { count: reach, text: formats.number(reach) })}
          </Button>
        </div>
      </div>
    </div>
  );
}
