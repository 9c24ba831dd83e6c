import type { Taint } from '../model/kubernetes/node.ts';

/** A taint as kubectl writes it: `key=value:Effect`, without `=` when it has no value. */
export const taintWords = (taint: Pick<Taint, 'key' | 'value' | 'effect'>): string =>
  `${taint.key}${taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`;
