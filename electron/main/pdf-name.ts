const NAME_SIGNS_MAX = 80;

/** A file's name that the page proposes, as far as it is one: no folder, nothing that a system reads otherwise. */
export function toPdfName(asked: unknown): string {
  const name = typeof asked === 'string' ? asked.replace(/[^\p{L}\p{N} _-]+/gu, ' ').trim() : '';
  return `${name.slice(0, NAME_SIGNS_MAX) || 'counterfoil'}.pdf`;
}
