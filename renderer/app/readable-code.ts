/** So much of a code fits a line, and more tells nobody more. */
const SIGNS_MAX = 40;

/** A scanned text for people: control signs as a middle dot, the rest behind an ellipsis. */
export function readableCode(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, '·').trim();
  return plain.length <= SIGNS_MAX ? plain : `${plain.slice(0, SIGNS_MAX)}…`;
}
