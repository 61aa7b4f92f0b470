/** Carries a till's Ed25519 signature of a request: 128 hex digits. */
export const SIGNATURE_HEADER = 'counterfoil-signature';
/**
 * Which incarnation of the till asks: on each request whose body does not say it. No proof, for a copy has the same
 * secret; it stops an honest copy that another one has replaced.
 */
export const INCARNATION_HEADER = 'counterfoil-incarnation';

/**
 * What is signed is this line and then the body's bytes as they are before any compression. Method and path
 * belong to it, so that a body signed for one address can not be sent to another.
 *
 * @param to `path`: with its query, without the host.
 */
export const signedLine = (to: { method: string; path: string }): string => `${to.method} ${to.path}\n`;
