/** N-API that the SQLite binding needs. In an older Electron it dies without a word, so we look before forking. */
const NAPI_MIN = 10;

/** What runs a core: a utility process of this Electron, or the Node at `nodePath`. */
export type CoreHost =
  | { readonly kind: 'utility' }
  | { readonly kind: 'node'; readonly nodePath: string }
  | { readonly kind: 'none' };

interface Runtime {
  /** As `process.versions` says it. */
  napi: string | undefined;
  isPackaged: boolean;
  /** `COUNTERFOIL_CORE_NODE`. */
  nodePath: string | undefined;
}

/**
 * How this Electron runs a core: in its own utility process, or, where it is too old for the SQLite binding, in the
 * Node that `nodePath` names. A packaged till ignores that: it would let an environment choose what the till executes.
 */
export function chooseCoreHost({ napi, isPackaged, nodePath }: Runtime): CoreHost {
  if (Number(napi) >= NAPI_MIN) return { kind: 'utility' };
  return nodePath && !isPackaged ? { kind: 'node', nodePath } : { kind: 'none' };
}
