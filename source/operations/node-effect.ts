import { list } from '../text/words.ts';
import type { Effect } from './operation.ts';

/** An effect on one node, as a clause that follows its name, before nodes on which the same happens are told together. */
export type NodeEffect = { readonly severity: Effect['severity']; readonly says: string };

export const note = (says: string): NodeEffect => ({ severity: 'note', says });
export const warning = (says: string): NodeEffect => ({ severity: 'warning', says });

const NODES_NAMED = 4;

/** The sentences of what happens on each node; nodes on which the same happens share one. */
export function sharedSentences(
  told: readonly { readonly node: string; readonly effects: readonly NodeEffect[] }[],
): readonly Effect[] {
  const all = told.flatMap(({ node, effects }) => effects.map((effect) => ({ node, effect })));
  const shared = Map.groupBy(all, ({ effect }) => `${effect.severity} ${effect.says}`);
  return [...shared.values()].flatMap((group): Effect[] => {
    const effect = group[0]?.effect;
    const names = group.map(({ node }) => node);
    return effect ? [{ severity: effect.severity, sentence: `${list(names, NODES_NAMED)}: ${effect.says}.` }] : [];
  });
}

export const warningsFirst = (effects: readonly Effect[]): readonly Effect[] =>
  effects.toSorted((one, other) => Number(other.severity === 'warning') - Number(one.severity === 'warning'));
