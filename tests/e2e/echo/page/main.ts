/** A page that draws nothing: the till's own client for a test to call, and what it heard. */
import { createCoreClient, type Core, type PagePort } from '../../../../renderer/lib/core-client.ts';

export interface EchoPage {
  calls: Core['calls'];
  /** How the core was at first, which may be ready already, and what became of it. */
  lives: string[];
  /** Text of each scan that was told. */
  scans: string[];
}

// Cast: the preload puts it there.
const core = createCoreClient((globalThis as unknown as { counterfoil: PagePort }).counterfoil);
const echo: EchoPage = { calls: core.calls, lives: [core.life().status], scans: [] };
core.onLife(({ status }) => echo.lives.at(-1) !== status && echo.lives.push(status));
core.on('scan.resolved', ({ result }) => echo.scans.push('text' in result ? result.text : result.kind));

Object.assign(globalThis, { echo });
