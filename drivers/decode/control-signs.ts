/** True for a text that holds a control sign (C0 or delete) other than those in `allowed`. */
export function hasControlSign(text: string, allowed = ''): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < 0x20 || code === 0x7f) && !allowed.includes(text.charAt(at))) return true;
  }
  return false;
}

/** Every run of control signs as one line feed: what stands in the place of separators, whichever they are. */
export const foldControlSigns = (text: string): string => text.replace(/\p{Cc}+/gu, '\n');
