/** Signs that layouts, Caps Lock and wrong serial lines all make something else of. */
export const KNOWN_TEXT = 'aA1-%&;=?@"';
const GS = '\x1d';
const GS_IN_CODE = '^029';

/** For a scanner that types: a group sign too, which many drop. */
export const KNOWN_KEYS = `${KNOWN_TEXT}${GS}z`;
export const KNOWN_KEYS_WITHOUT_GS = `${KNOWN_TEXT}z`;

/** As the drawing of barcodes wants it: a sign that can not be typed by its number. */
export const KNOWN_KEYS_CODE = `${KNOWN_TEXT}${GS_IN_CODE}z`;
