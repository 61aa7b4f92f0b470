/**
 * Last and first name of a name in one piece. "Last, First" is taken at its word; two or three ideographs
 * are one sign of family name and the given name. Everything else stays whole as the last name: where a
 * name divides can not be known, and whole it is shown as it was typed and found by each of its words.
 */
export function splitName(text: string): { lastName: string; firstName: string } {
  const name = text.trim().replace(/\s+/g, ' ');
  const comma = name.indexOf(',');
  if (comma > 0) return { lastName: name.slice(0, comma).trim(), firstName: name.slice(comma + 1).trim() };
  if (/^\p{Script=Han}{2,3}$/u.test(name)) {
    const [lastName = '', ...rest] = name;
    return { lastName, firstName: rest.join('') };
  }
  return { lastName: name, firstName: '' };
}
