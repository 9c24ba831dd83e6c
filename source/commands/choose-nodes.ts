import { isProblem } from '../model/kubernetes/edits.ts';
import { nodeNameProblem } from '../model/kubernetes/names.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import { parseLabelSelector, type LabelSelector } from '../model/kubernetes/selector.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { UsageError } from './exit.ts';
import { didYouMean } from './nearest.ts';

/** The selector of `-l`, or null when none was given. Throws a UsageError with the rule that it breaks. */
export function readSelector(text: string | undefined): LabelSelector | null {
  if (text === undefined) return null;
  const selector = parseLabelSelector(text);
  if (isProblem(selector)) throw new UsageError(`--selector: ${selector.problem}.`);
  return selector;
}

/** Throws a UsageError for a name that no node can have; in a field selector such a name could mean other nodes. */
export function checkNodeName(name: string): void {
  const problem = nodeNameProblem(name);
  if (problem !== null) throw new UsageError(`${problem}.`);
}

/** Why there is no node of that name, as a sentence, with the nearest name that there is. */
export const noSuchNode = (name: string, state: ClusterState): string =>
  `There is no node "${name}"${didYouMean(name, [...state.nodes.keys()]) ?? '; see the command nodes.'}`;

/** Nodes by name; strings compare by code unit, as the API server orders them. */
export const byName = (one: Pick<ClusterNode, 'name'>, other: Pick<ClusterNode, 'name'>): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
