/** Costs about 60 ms on a till: a PIN only names the person, the key store guards the data. */
const COST = { n: 16_384, r: 8, p: 1 };

/** The platform's scrypt, injected. Base64 in and out; 32 bytes long. */
export type Scrypt = (
  pin: string,
  saltBase64: string,
  cost: { n: number; r: number; p: number },
) => Promise<string>;

/** Six digits or more, and not one digit repeated or a plain run. */
export function isPinAllowed(pin: string): boolean {
  if (!/^\d{6,12}$/.test(pin)) return false;
  const steps = new Set([...pin].slice(1).map((digit, at) => Number(digit) - Number(pin.charAt(at))));
  return !(steps.size === 1 && (steps.has(0) || steps.has(1) || steps.has(-1)));
}

export async function hashPin(pin: string, saltBase64: string, scrypt: Scrypt): Promise<string> {
  const hash = await scrypt(pin, saltBase64, COST);
  return ['scrypt', COST.n, COST.r, COST.p, saltBase64, hash].join('$');
}

/** True when `pin` made `stored`. Both texts are compared in full, whatever their first difference. */
export async function isPinRight(pin: string, stored: string, scrypt: Scrypt): Promise<boolean> {
  const [name, n, r, p, salt, hash] = stored.split('$');
  if (name !== 'scrypt' || salt === undefined || hash === undefined) return false;
  const made = await scrypt(pin, salt, { n: Number(n), r: Number(r), p: Number(p) });
  let difference = made.length ^ hash.length;
  for (let at = 0; at < made.length; at += 1)
    difference |= made.charCodeAt(at) ^ hash.charCodeAt(at % hash.length);
  return difference === 0;
}
