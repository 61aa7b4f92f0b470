/** What devices say of themselves, made from the usage tables for HID (HID 1.11, HID POS 1.02). */

const [MAIN_INPUT, MAIN_OUTPUT, MAIN_COLLECTION, MAIN_END] = [0x80, 0x90, 0xa0, 0xc0];
const [USAGE_PAGE, LOGICAL_MIN, LOGICAL_MAX, REPORT_SIZE, REPORT_ID, REPORT_COUNT] = [
  0x04, 0x14, 0x24, 0x74, 0x84, 0x94,
];
const [USAGE, USAGE_MIN, USAGE_MAX] = [0x08, 0x18, 0x28];
const [APPLICATION, LOGICAL] = [1, 2];
const [VARIABLE, BYTES] = [0x02, 0x102];
const [CONSTANT, ARRAY] = [0x01, 0x00];

type Item = readonly [tag: number, value?: number];

const toBytes = ([tag, value]: Item): number[] => {
  if (value === undefined) return [tag];
  return value < 0x100 ? [tag | 1, value] : [tag | 2, value & 0xff, value >> 8];
};
const descriptor = (...items: readonly Item[]): Buffer => Buffer.from(items.flatMap(toBytes));

/** So many bytes that mean `usages`. */
const field = (count: number, ...usages: number[]): Item[] => [
  ...usages.map((usage): Item => [USAGE, usage]),
  [REPORT_COUNT, count],
  [MAIN_INPUT, usages.length === 1 && count > 1 ? BYTES : VARIABLE],
];

const BYTE_VALUES: readonly Item[] = [
  [LOGICAL_MIN, 0],
  [LOGICAL_MAX, 0xff],
  [REPORT_SIZE, 8],
];

/** Report 2 in, 64 bytes: length, identifier, data and tail. Report 4 out: one byte. */
export const SCANNER_DESCRIPTOR = descriptor(
  [USAGE_PAGE, 0x8c],
  [USAGE, 0x02],
  [MAIN_COLLECTION, APPLICATION],
  [USAGE, 0x12],
  [MAIN_COLLECTION, LOGICAL],
  [REPORT_ID, 2],
  ...BYTE_VALUES,
  [USAGE_PAGE, 0x01],
  ...field(1, 0x3b),
  [USAGE_PAGE, 0x8c],
  ...field(3, 0xfb, 0xfc, 0xfd),
  ...field(56, 0xfe),
  ...field(3, 0xff),
  [MAIN_END],
  [USAGE, 0x14],
  [MAIN_COLLECTION, LOGICAL],
  [REPORT_ID, 4],
  [USAGE, 0x60],
  [REPORT_COUNT, 1],
  [MAIN_OUTPUT, VARIABLE],
  [MAIN_END],
  [MAIN_END],
);

/** A page of the maker's own, one report without id. */
const vendorReader = (...counts: number[]): Buffer =>
  descriptor(
    [USAGE_PAGE, 0xff00],
    [USAGE, 0x01],
    [MAIN_COLLECTION, APPLICATION],
    ...BYTE_VALUES,
    ...counts.flatMap((count, at) => field(count, 0x30 + at)),
    [MAIN_END],
  );

/** Head of seven bytes and three tracks of 110. */
export const VENDOR_READER_DESCRIPTOR = vendorReader(7, 110, 110, 110);
/** Head of nine bytes and what there is of tracks, all in all 509. */
export const IDTECH_READER_DESCRIPTOR = vendorReader(9, 200, 200, 100);

/** Report 1 in: three lengths, tracks of 80, 42 and 108. */
export const STANDARD_READER_DESCRIPTOR = descriptor(
  [USAGE_PAGE, 0x8e],
  [USAGE, 0x01],
  [MAIN_COLLECTION, APPLICATION],
  [REPORT_ID, 1],
  ...BYTE_VALUES,
  ...field(3, 0x11, 0x12, 0x13),
  ...field(80, 0x21),
  ...field(42, 0x22),
  ...field(108, 0x23),
  [MAIN_END],
);

/** The plain keyboard of HID 1.11, appendix B: modifiers, a spare byte, six keys. */
export const KEYBOARD_DESCRIPTOR = descriptor(
  [USAGE_PAGE, 0x01],
  [USAGE, 0x06],
  [MAIN_COLLECTION, APPLICATION],
  [USAGE_PAGE, 0x07],
  [USAGE_MIN, 0xe0],
  [USAGE_MAX, 0xe7],
  [LOGICAL_MIN, 0],
  [LOGICAL_MAX, 1],
  [REPORT_SIZE, 1],
  [REPORT_COUNT, 8],
  [MAIN_INPUT, VARIABLE],
  [REPORT_SIZE, 8],
  [REPORT_COUNT, 1],
  [MAIN_INPUT, CONSTANT],
  [REPORT_COUNT, 6],
  [LOGICAL_MAX, 0x65],
  [USAGE_MIN, 0],
  [USAGE_MAX, 0x65],
  [MAIN_INPUT, ARRAY],
  [MAIN_END],
);
