import { toPage } from './html.ts';

const TITLE = 'News from the shop · 商店通讯';
const WORDS = {
  ask:
    '<p>You will get no more news and offers. 您将不再收到通讯和优惠。</p>' +
    '<form method="post"><button>Send me no more · 停止接收</button></form>',
  done: '<p role="status">Done: you get no more news and offers. 已完成：您不会再收到通讯和优惠。</p>',
  unknown:
    '<p>This link is not whole. Open it from the message again, or tell the shop. 链接不完整，请从消息中重新打开，或告知商店。</p>',
} as const;

/** What a member sees who wants no more marketing. Names nobody: whoever has the link sees it. */
export const toUnsubscribePage = (state: keyof typeof WORDS): string =>
  toPage(TITLE, `<h1>${TITLE}</h1><section class="ticket">${WORDS[state]}</section>`);
