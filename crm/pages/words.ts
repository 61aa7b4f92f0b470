import type { FastifyRequest } from 'fastify';

/** Every text of the centre's own pages; the name of each is what stands on the English page. */
const ZH = {
  // The form of the first run.
  'Set up Counterfoil': '设置 Counterfoil',
  'Set up this CRM': '设置本 CRM',
  'One page, once. Everything but the currency can be changed later.':
    '只需填写一次。除币种外，以后都可以修改。',
  'The chain': '连锁',
  Name: '名称',
  'Country (two letters)': '国家（两个字母）',
  'Currency (three letters)': '币种（三个字母）',
  'First six digits of its card numbers': '卡号前六位',
  'Privacy law': '隐私法规',
  'PDPA (service needs consent)': 'PDPA（提供服务需同意）',
  'GDPR (marketing needs consent)': 'GDPR（营销需同意）',
  'The first store': '第一家门店',
  'Time zone': '时区',
  'The first manager': '第一位经理',
  Login: '登录名',
  'PIN (six digits or more)': 'PIN（至少六位数字）',
  'Cards to start with': '起始卡种',
  'Proof that it is you': '身份确认',
  'Set-up token, as the CRM printed it': '设置口令（CRM 启动时打印的）',
  'Set up': '开始设置',
  'Stamp card': '集点卡',
  'ten stamps, one reward': '集满十个章换一份奖励',
  Points: '积分',
  'one point for each whole unit of the currency': '每消费一个货币单位得一分',
  'Visit pass': '次卡',
  'ten visits, paid in advance': '预付十次',
  Prepaid: '储值卡',
  'money on the card': '卡内存钱',
  'Member discount': '会员折扣',
  'ten per cent, shown to the cashier': '九折，提示收银员',
  'Welcome coupon': '迎新券',
  'one gift for a new member': '新会员一份礼物',
  'Please fill this in.': '请填写。',
  'At most 60 signs.': '最多 60 个字符。',
  'These signs are not text.': '这些字符不是文字。',
  'Two letters, such as SG.': '两个字母，例如 SG。',
  'Three letters, such as SGD.': '三个字母，例如 SGD。',
  'Six digits.': '六位数字。',
  'A time zone such as Asia/Singapore.': '时区，例如 Asia/Singapore。',
  'Letters, digits, dots, dashes.': '字母、数字、点、横线。',
  'Six digits or more, no run and no repetition.': '至少六位数字，不能连号或重复。',
  'Choose at least one.': '请至少选择一项。',
  'This is not the token that the CRM printed when it started.': '这不是 CRM 启动时打印的口令。',
  'Nothing was stored yet.': '尚未保存任何内容。',
  // The front page of a CRM that runs.
  'Trial database: safe when the program stops, not when the power fails. Use PostgreSQL for a shop.':
    '试用数据库：程序停止时安全，断电时不安全。门店请使用 PostgreSQL。',
  'PostgreSQL keeps no checksums of its pages, so damage of its disk would go unnoticed. All works and nothing is lost. Stop PostgreSQL, run pg_checksums --enable on its data folder, and start it again.':
    'PostgreSQL 没有页校验和，磁盘损坏不会被发现。目前一切正常，没有丢失。请停止 PostgreSQL，对其数据目录运行 pg_checksums --enable，再重新启动。',
  'The list of erasures can not be written, so nobody can be anonymised. A till that asked for one sends nothing more until then; the others go on, and nothing is lost. The log of the CRM says where it is: see to the disk, its room, and the right to write there.':
    '匿名化名单无法写入，因此不能对任何会员做匿名化。提出匿名化的收银台在此之前不再发送数据；其他收银台照常工作，没有丢失。CRM 日志写明了名单的位置：请检查该磁盘、剩余空间以及写入权限。',
  'The list of erasures was missing or of an earlier day, and was completed from the database. If the database was put back too, erased members live again: add the newest list to this one and start again. On a computer that is new to this database all is well.':
    '匿名化名单缺失或为较早的版本，已根据数据库补全。如果数据库也被还原过，已匿名化的会员会重新出现：请把最新的名单加到此名单中，再重新启动。如果这台计算机是首次使用该数据库，则一切正常。',
  'Tills have deleted more members than this centre and its list of erasures know of: the database was put back, and that list was not. Erased members may live again. The log of the CRM says where the list is: add the former one to it and start again, and this note goes. Nothing else is lost. If that list is gone for good, or nobody put the database back and a till is not to be believed, run the CRM once with --end-outrun. Tills that said so:':
    '有收银台已删除的匿名会员多于本中心及其匿名化名单所知：数据库被还原过，而该名单没有一并还原。已匿名化的会员可能会重新出现。CRM 日志写明了名单的位置：请把以前的名单加到其中，再重新启动，此提示随即消失。没有其他丢失。如果该名单已无法找回，或者没有人还原过数据库、该收银台不可信，请用 --end-outrun 运行一次 CRM。报告此情况的收银台：',
  now: '刚刚',
  'min ago': '分钟前',
  'h ago': '小时前',
  'days ago': '天前',
  'No till yet. A manager makes a code for one, and the till asks for it at its first start.':
    '还没有收银台。经理生成一个代码，收银台首次启动时会要求输入。',
  Till: '收银台',
  Tills: '收银台',
  Store: '门店',
  Stores: '门店',
  Office: '办公室',
  Offices: '办公室',
  'Last contact': '最后联系',
  Operations: '操作数',
  'stopped: enrol anew': '已停用：请重新登记',
  Members: '会员',
  Cards: '会员卡',
  Entries: '账目',
  'Waiting for a person': '等待处理',
  'To look at': '需要查看',
  'Central CRM': '中心 CRM',
  'Feed at': '数据流编号',
  // Keys of other systems.
  'Other systems': '其他系统',
  'Keys for a web shop, vouchers, a mail system.': '网店、礼券、邮件系统的密钥。',
  'Read cards and movements, without names': '读取会员卡和账目，不含姓名',
  'Read members: names, phones, e-mails': '读取会员：姓名、电话、邮箱',
  'Add and edit members': '新增和修改会员',
  never: '从未',
  'Manager’s login': '经理登录名',
  PIN: 'PIN',
  ended: '已停用',
  Keys: '密钥',
  'There is none yet.': '还没有密钥。',
  May: '权限',
  'Last used': '最后使用',
  'End it': '停用',
  'End the chosen key': '停用所选密钥',
  'The new key': '新密钥',
  'Copy it now: it is shown this once and kept nowhere.': '请立即复制：只显示这一次，不会保存。',
  'A new key, or the list': '新密钥，或查看列表',
  'Name of the system; empty: only show the keys': '系统名称；留空则只显示密钥',
  'Go on': '继续',
  'The key opens nothing any more.': '该密钥已失效。',
  'A name and at least one right are needed. Nothing was changed.': '需要名称和至少一项权限。没有任何更改。',
  'Too many wrong PINs for this login. Nothing was changed. Wait 15 minutes and try again.':
    '此登录名的 PIN 错误次数过多。没有任何更改。请等待 15 分钟后再试。',
  'Login and PIN do not fit. Nothing was changed. Check both and try again.':
    '登录名与 PIN 不符。没有任何更改。请核对后再试。',
  'Only a manager can do this. Nothing was changed. Ask a manager.':
    '只有经理可以操作。没有任何更改。请联系经理。',
  'There is no such key. Nothing was changed.': '没有这个密钥。没有任何更改。',
  'The request holds signs that are no text.': '请求中有不是文字的字符。没有任何更改。',
  'This CRM has no chain yet. Nothing was changed; tills keep their work. Open the address of the CRM in a browser and set it up.':
    '本 CRM 还没有连锁。没有任何更改，收银台保留其操作。请在浏览器中打开 CRM 的地址并完成设置。',
} as const;

export type PageText = keyof typeof ZH;
export type PageLanguage = 'en' | 'zh';

/** Texts of one language, and where the same page stands in the other. */
export interface PageWords {
  language: PageLanguage;
  say(text: PageText): string;
  /** What came as a text from elsewhere: in the page's language where it is known, as it came where not. */
  sayAny(text: string): string;
  number(value: number): string;
}

const isKnown = (text: string): text is PageText => Object.hasOwn(ZH, text);

export function wordsIn(language: PageLanguage): PageWords {
  const say = (text: PageText): string => (language === 'zh' ? ZH[text] : text);
  return {
    language,
    say,
    sayAny: (text) => (isKnown(text) ? say(text) : text),
    number: (value) => value.toLocaleString(language === 'zh' ? 'zh-CN' : 'en'),
  };
}

/** The first language that both sides know; English where there is none. */
function preferred(header: string): PageLanguage {
  const wanted = header
    .split(',')
    .map((part, at) => {
      const [tag = '', ...more] = part.trim().toLowerCase().split(';');
      const quality = more
        .find((each) => each.trim().startsWith('q='))
        ?.trim()
        .slice(2);
      return { tag, at, weight: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight || left.at - right.at);
  const known = wanted.find(({ tag }) => /^(?:zh|en)(?:-|$)/.test(tag));
  return known?.tag.startsWith('zh') === true ? 'zh' : 'en';
}

/** What the reader chose by the link at the foot of each page; else what her browser asks for. */
export function wordsFor(request: Pick<FastifyRequest, 'query' | 'headers'>): PageWords {
  const { lang } = request.query as { lang?: unknown };
  if (lang === 'zh' || lang === 'en') return wordsIn(lang);
  return wordsIn(preferred(String(request.headers['accept-language'] ?? '').slice(0, 200)));
}
