/** What the page is made of before anything is drawn. Comes first, so that the core answers while React is read. */
import '../lib/zod-setting.ts';
import { createCoreClient, type PagePort } from '../lib/core-client.ts';
import { pdfSaver } from '../lib/host.ts';
import { openOfficePort } from '../lib/office-port.ts';
import { createSounds } from '../lib/sound.ts';
import { createStores } from './stores.ts';
import { listenToCore } from './wiring.ts';

declare global {
  interface Window {
    /** The page's end of the port to its core, and a PDF of itself, put there by a till's window; a browser has none. */
    readonly counterfoil?: PagePort & { savePdf(name: string): Promise<unknown> };
  }
}

export const core = createCoreClient(window.counterfoil ?? openOfficePort());
export const sounds = createSounds();
export const stores = createStores(core, sounds, pdfSaver(window.counterfoil));
listenToCore(core, stores, sounds);
