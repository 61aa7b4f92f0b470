/**
 * How to call the npm that runs us, or the one on the path.
 *
 * @returns {[command: string, args: string[]]}
 */
export function npmCommand() {
  const own = process.env['npm_execpath'];
  return own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
}
