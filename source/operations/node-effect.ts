import type { Effect } from './operation.ts';

/** An effect on one node, as a clause that follows its name, before nodes on which the same happens are told together. */
export type NodeEffect = { readonly severity: Effect['severity']; readonly says: string };

export const note = (says: string): NodeEffect => ({ severity: 'note', says });
export const warning = (says: string): NodeEffect => ({ severity: 'warning', says });
