/** What the operator looks at: what is asked for it often is asked seldom, or not at all, while nobody looks. */
export type Attention = 'etcd' | 'control-plane' | 'elsewhere';

/** Where the operator looks now, and who wants to know when that changes. */
export type AttentionOf = {
  readonly current: () => Attention;
  /** Gives what takes the listener away again. */
  readonly subscribe: (listener: () => void) => () => void;
};

/** The attention of one session, which begins elsewhere. */
export function createAttention(): AttentionOf & { readonly attend: (what: Attention) => void } {
  const listeners = new Set<() => void>();
  let attention: Attention = 'elsewhere';
  return {
    current: () => attention,
    subscribe: (listener) => {
      const own = () => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    attend: (what) => {
      if (what === attention) return;
      attention = what;
      for (const listener of [...listeners]) listener();
    },
  };
}
