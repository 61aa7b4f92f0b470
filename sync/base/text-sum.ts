/** Tells one text from another on every node. Finds mistakes, not forgery. */
export function textSum(text: string): string {
  let [left, right] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < text.length; at += 1) {
    left = Math.imul(left ^ text.charCodeAt(at), 0x01000193);
    right = Math.imul(right ^ text.charCodeAt(at), 0x85ebca6b) ^ (right >>> 13);
  }
  return [left, right].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
