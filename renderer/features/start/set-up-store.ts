import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export const CODE_SIGNS_MIN = 8;

export type SetUp =
  | { readonly status: 'filling' | 'checking' | 'busy' }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface SetUpState {
  readonly serverUrl: string;
  readonly code: string;
  readonly tillName: string;
  readonly setUp: SetUp;
  type(field: 'serverUrl' | 'code' | 'tillName', text: string): void;
  enrol(): Promise<void>;
}

/** Host, port and path as people write them: an URL parser alone would take spaces for a part of the host. */
const ADDRESS =
  /^(?:https?:\/\/)?(?:[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*|\[[\da-f:.]+\])(?::\d{1,5})?(?:\/[^\s?#]*)?$/iu;

/** `shop.example:8080` is what people write down; what they mean is `https://shop.example:8080`. */
export function toServerUrl(text: string): string | null {
  const plain = text.trim();
  if (!ADDRESS.test(plain)) return null;
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(plain);
  const withScheme = /^https?:\/\//i.test(plain) ? plain : `${isLocal ? 'http' : 'https'}://${plain}`;
  return URL.canParse(withScheme) ? withScheme.replace(/\/+$/, '') : null;
}

/** Enrolling this till with the centre by a one-time code. */
export const createSetUpStore = (core: CoreClient) =>
  createStore<SetUpState>()((set, get) => ({
    serverUrl: '',
    code: '',
    tillName: '',
    setUp: { status: 'filling' },
    type: (field, text) => {
      const { setUp } = get();
      set({ [field]: text, ...(setUp.status === 'failed' && { setUp: { status: 'filling' } }) });
    },
    enrol: async () => {
      const { serverUrl, code, tillName, setUp } = get();
      const url = toServerUrl(serverUrl);
      if (setUp.status === 'busy') return;
      if (url === null || code.trim().length < CODE_SIGNS_MIN) return set({ setUp: { status: 'checking' } });
      set({ setUp: { status: 'busy' } });
      try {
        await core['till.enrol']({ serverUrl: url, code: code.trim(), tillName: tillName.trim() });
        set({ code: '', setUp: { status: 'filling' } });
      } catch (cause) {
        set({ setUp: { status: 'failed', failure: failureOf(cause) } });
      }
    },
  }));
export type SetUpStore = ReturnType<typeof createSetUpStore>;
