import { useEffect, useRef } from 'react';
import { useWords } from '../../lib/words.ts';
import { Notice } from '../../ui/notice.tsx';
import { decisionText } from './decision.ts';
import type { Outrun } from './inbox-state.ts';
import { storyOf } from './what-happened.ts';

/** Somebody else was first: to what, who, when and what she decided, and why. */
export function OutrunNotice({ outrun: { item, decided } }: Readonly<{ outrun: Outrun }>) {
  const words = useWords();
  const { t, failure } = words;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Her eye is at the answer, which may be far down.
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const { title } = storyOf(words, item);
  const answered = decided?.answered ?? null;
  const { what, advice } = failure({ code: 'answered_already', message: '' });
  const who = answered?.by === '' ? t('inbox.byItself') : (answered?.by ?? '');
  return (
    <div ref={place}>
      <Notice
        tone="warn"
        title={answered === null ? what : t('inbox.outrun', { who, title })}
        detail={
          decided === null || answered === null
            ? `${title}. ${advice}`
            : `${t('inbox.outrunSafe')} ${decisionText(words, decided)}`
        }
        testId="inbox-outrun"
      />
    </div>
  );
}
