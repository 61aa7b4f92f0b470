import { startChild } from './child.mjs';

const SCREEN = '1920x1200x24'; // Room for the largest window that we picture.

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

/**
 * A screen in memory on a free display number, which the server picks itself: no two runs can meet.
 *
 * @returns {Promise<{ display: string, end: () => Promise<void> }>}
 */
export async function startDisplay() {
  const args = ['-displayfd', '1', '-screen', '0', SCREEN, '-nolisten', 'tcp'];
  const server = startChild('Xvfb', args, { name: 'Xvfb', toWords: () => undefined });
  const number = await server.line('');
  return { display: `:${number}`, end: server.end };
}
