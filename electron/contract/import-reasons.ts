import { z } from 'zod';

/**
 * Why a file or a row of it is not taken, or what to know about it, worst first: a row shows its first. One
 * table, with the words in each language of the till.
 */
const TABLE = [
  // The file as a whole: nothing of it is taken.
  ['FILE_EMPTY', 'The file has no rows.', '文件中没有数据行。'],
  ['FILE_TOO_LARGE', 'The file is too large; divide it.', '文件过大，请拆分。'],
  [
    'FILE_KIND',
    'This is neither CSV nor XLSX. Save it as one of them.',
    '文件既不是 CSV 也不是 XLSX，请另存为其中一种。',
  ],
  ['FILE_DAMAGED', 'The file is damaged. Save it anew.', '文件已损坏，请重新保存。'],
  [
    'FILE_LOCKED',
    'The file has a password or is of an old format. Save it as .xlsx without one.',
    '文件有密码或格式过旧，请另存为无密码的 .xlsx。',
  ],
  ['FILE_SWOLLEN', 'Unpacked, the file is far too large. It was not read.', '文件解压后过大，未读取。'],
  [
    'FILE_ENCODING',
    'The signs of this file can not be read in that encoding. Choose another.',
    '无法按该编码读取文件，请选择其他编码。',
  ],
  ['ROWS_TOO_MANY', 'The file has more than a million rows; divide it.', '文件超过一百万行，请拆分。'],
  [
    'COLUMNS_TOO_MANY',
    'The file has more than 256 columns. It is not the template.',
    '文件超过 256 列，不是模板文件。',
  ],
  [
    'HEADER_UNKNOWN',
    'A header is not of the template: say what it means, or leave the column out.',
    '表头不在模板中：请指定含义或忽略该列。',
  ],
  ['HEADER_TWICE', 'Two columns have the same meaning. Leave one out.', '两列含义相同，请忽略其中一列。'],
  ['HEADER_MISSING', 'A column that is needed is missing.', '缺少必需的列。'],
  // One row: it is not taken, the others are.
  ['QUOTE_LONE', 'A quotation mark is not closed, or stands where none can be.', '引号未闭合或位置错误。'],
  ['CELLS_TOO_MANY', 'The row has more cells than there are headers.', '该行单元格多于表头。'],
  ['TEXT_UNREADABLE', 'The row has signs that are not text.', '该行含有非文本字符。'],
  ['CELL_TOO_LONG', 'A cell has more text than fits.', '单元格文本过长。'],
  ['CELL_ERROR', 'A cell shows an error of the spreadsheet.', '单元格为表格错误值。'],
  [
    'FORMULA_EMPTY',
    'A cell is a formula without a value. Save it as a value.',
    '单元格是没有值的公式，请保存为数值。',
  ],
  ['NAME_MISSING', 'The name is missing.', '缺少姓名。'],
  ['MOBILE_MISSING', 'The mobile number is missing.', '缺少手机号。'],
  [
    'KEY_MISSING',
    'Nothing says whom this row is about: no card, look-up ID, mobile or e-mail.',
    '该行没有卡号、查询号、手机或邮箱，无法确定会员。',
  ],
  [
    'PHONE_EXPONENT',
    'A spreadsheet has spoilt the number (6.59E+09). Format the column as text and type it again.',
    '号码被表格软件改成了科学计数（6.59E+09），请将列设为文本后重填。',
  ],
  [
    'DIGITS_EXPONENT',
    'A spreadsheet has spoilt a long number (1.23E+11). Format the column as text and type it again.',
    '长号码被表格软件改成了科学计数（1.23E+11），请将列设为文本后重填。',
  ],
  ['MOBILE_FORMAT', 'The mobile number is not a number that can exist.', '手机号无效。'],
  ['PHONE_FORMAT', 'The phone number is not a number that can exist.', '电话号码无效。'],
  ['PHONE_CODE', 'The country calling code is unknown.', '国家区号无效。'],
  ['EMAIL_FORMAT', 'The e-mail address is not whole.', '邮箱地址无效。'],
  ['DOB_FORMAT', 'The date of birth is not a day as DD/MM/YYYY.', '出生日期不是 DD/MM/YYYY 格式的有效日期。'],
  ['EXPIRY_FORMAT', 'The expiry is not a day as DD/MM/YYYY.', '到期日不是 DD/MM/YYYY 格式的有效日期。'],
  ['EXPIRY_PAST', 'The membership expires before today.', '会员到期日早于今天。'],
  ['GENDER_UNKNOWN', 'The gender is neither male nor female.', '性别须为 male 或 female。'],
  [
    'CUSTOMER_TYPE_UNKNOWN',
    'The customer type is neither member nor customer.',
    '客户类型须为 member 或 customer。',
  ],
  ['TRUE_FALSE', 'A cell is neither TRUE nor FALSE.', '单元格须为 TRUE 或 FALSE。'],
  [
    'PDPA_REQUIRED',
    'pdpa_consent is FALSE: without it nobody can be a member.',
    'pdpa_consent 为 FALSE：无此同意不能成为会员。',
  ],
  ['TIER_UNKNOWN', 'There is no tier of that name.', '没有该名称的等级。'],
  ['GROUP_UNKNOWN', 'There is no group of that name.', '没有该名称的分组。'],
  [
    'TAG_FORMAT',
    'A tag is too long, begins with in: or out:, or they are too many.',
    '标签过长、过多，或以 in: 或 out: 开头。',
  ],
  ['CUSTOM_FORMAT', 'A value does not fit its attribute.', '自定义属性的值无效。'],
  [
    'CUSTOM_TOO_MANY',
    'The row fills in more than 50 attributes; divide them between two files.',
    '该行填写的自定义属性超过 50 个，请分成两个文件。',
  ],
  ['POINTS_FORMAT', 'The points are not a whole number.', '积分不是整数。'],
  ['CREDIT_FORMAT', 'The credit is not an amount of money.', '余额不是有效金额。'],
  [
    'CREDIT_NOT_ALLOWED',
    'There is credit, and allow_credit_transactions is not TRUE.',
    '有余额，但 allow_credit_transactions 不为 TRUE。',
  ],
  [
    'CARD_TYPE_MISSING',
    'There is a balance, and no card type was chosen for it.',
    '有余额，但未选择对应的卡种。',
  ],
  ['CARD_NUMBER_FORMAT', 'That is not a whole card number.', '卡号不完整。'],
  ['CARD_UNKNOWN', 'No member holds that card.', '没有会员持有该卡。'],
  [
    'LOOKUP_ID_DUP',
    'The look-up ID is twice in the file, or belongs to another member.',
    '查询号在文件中重复，或属于其他会员。',
  ],
  [
    'PHONE_TAKEN',
    'The phone number is twice in the file, or belongs to another member.',
    '电话号码在文件中重复，或属于其他会员。',
  ],
  ['MEMBER_TWICE', 'An earlier row of this file is about the same member.', '文件前面的行已涉及同一会员。'],
  [
    'MEMBER_AMBIGUOUS',
    'Several members fit. Add a card, look-up ID or mobile.',
    '符合的会员有多位，请补充卡号、查询号或手机。',
  ],
  ['MEMBER_UNKNOWN', 'No member fits, and this run only updates.', '没有符合的会员，且本次仅更新。'],
  ['MEMBER_BARRED', 'The member is locked or blocked.', '该会员已被锁定或停用。'],
  [
    'CARD_STOCK',
    'No card number is left. Connect the till, then go on with this run.',
    '没有可用卡号。请联网后继续本次导入。',
  ],
  [
    'BASE_CHANGED',
    'Since the check somebody enrolled or changed this member. Import the row again.',
    '检查后该会员已被他人登记或修改，请重新导入该行。',
  ],
  // Taken all the same, or nothing to do.
  ['NOTHING_NEW', 'The member has all of this already.', '会员已有全部内容。'],
  [
    'BALANCE_LEFT',
    'The member has such a card already: the opening balance was not added.',
    '会员已有该类卡：未添加期初余额。',
  ],
  ['LOOKUP_ID_MISSING', 'No look-up ID: the till makes one.', '没有查询号：将自动生成。'],
  ['CHANGED_SINCE', 'Somebody changed it since: it stays as it is now.', '此后已被他人修改：保持现状。'],
] as const;

export type ImportReason = (typeof TABLE)[number][0];
export const ImportReason = z.enum(TABLE.map(([code]) => code) as [ImportReason, ...ImportReason[]]);

const RANKS = new Map<ImportReason, number>(TABLE.map(([code], at) => [code, at]));
const WORDS = new Map<ImportReason, { en: string; zh: string }>(
  TABLE.map(([code, en, zh]) => [code, { en, zh }]),
);

/** Each once, worst first. */
export const worstFirst = (codes: readonly ImportReason[]): ImportReason[] =>
  [...new Set(codes)].sort((left, right) => (RANKS.get(left) ?? 0) - (RANKS.get(right) ?? 0));

const FIRST_NOTE = RANKS.get('NOTHING_NEW') ?? 0;
/** True where the row is taken all the same, or has nothing to do. */
export const isNote = (code: ImportReason): boolean => (RANKS.get(code) ?? 0) >= FIRST_NOTE;

/** For people. `language`: as in the till's preferences; English where there are no words in it. */
export function reasonWords(code: ImportReason, language: string): string {
  const words = WORDS.get(code);
  return (language.startsWith('zh') ? words?.zh : words?.en) ?? code;
}
