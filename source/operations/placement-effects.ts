import { isOpen, keepsPodsOut } from '../model/kubernetes/node-status.ts';
import { valueOf, whyNot } from '../model/reading.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { headroomOf } from '../state/headroom.ts';
import { nodeRow, rowSources } from '../state/node-rows.ts';
import { bytes, coresWords } from '../text/amounts.ts';
import { list, plural } from '../text/words.ts';
import { nodesAfter, removedTaints, taintNames } from './edited.ts';
import type { Edited } from './edited.ts';
import { evicting } from './eviction-effects.ts';
import { note } from './node-effect.ts';
import type { NodeEffect } from './node-effect.ts';
import type { Effect } from './operation.ts';

/** A node that opens or closes for pods without tolerations. */
export function placement(edited: Edited): readonly NodeEffect[] {
  const { before, after } = edited;
  if (isOpen(before) && !isOpen(after)) {
    const staying = evicting(edited.changes).length === 0 ? '; those that run stay' : '';
    return [note(`takes no more new pods, but for those that tolerate it${staying}`)];
  }
  if (!isOpen(before) && isOpen(after)) return [note(`opens for workloads, ${roomOf(edited)}`)];
  const closing = (after.taints ?? []).filter(keepsPodsOut);
  const uncordoned = before.cordoned && !after.cordoned;
  const untainted = removedTaints(edited.changes).some(keepsPodsOut);
  if ((uncordoned || untainted) && after.cordoned) return [note('stays cordoned, so that it takes no new pods')];
  if ((uncordoned || untainted) && closing.length > 0)
    return [note(`still takes only pods that tolerate ${taintNames(closing)}`)];
  return [];
}

function roomOf({ state, before }: Edited): string {
  const { free, pods } = nodeRow(before, rowSources(state, before.name));
  const unknown = whyNot(free);
  if (unknown !== null) return `with how much room cannot be told: ${unknown}`;
  const [room, counts, slots] = [valueOf(free), valueOf(pods), before.allocatable.pods];
  const parts: string[] = [];
  if (room && room.cpu !== null) parts.push(coresWords(room.cpu, { round: 'down' }));
  if (room && room.memory !== null) parts.push(`${bytes(room.memory, { round: 'down' })} of memory`);
  if (counts && slots !== null) parts.push(plural(slots - counts.active, 'pod slot'));
  return parts.length === 0 ? 'though it does not say what it offers' : `with ${list(parts)} free`;
}

/** What nodes that close leave less for workloads; where nothing can be told of it, nothing is said. */
export function closedRoom(state: ClusterState, edited: readonly Edited[]): readonly Effect[] {
  const closing = edited.filter((one) => isOpen(one.before) && !isOpen(one.after));
  const rows = closing.map(({ before }) => nodeRow(before, rowSources(state, before.name)));
  const room = closing.length === 0 ? null : valueOf(headroomOf(rows).free);
  if (room === null) return [];
  const { cpu, memory, pods } = room;
  const parts = [
    cpu === null ? null : coresWords(cpu, { round: 'down' }),
    memory === null ? null : `${bytes(memory, { round: 'down' })} of memory`,
    pods === null ? null : plural(pods, 'pod slot'),
  ].filter((part) => part !== null);
  return [{ severity: 'note', sentence: `What is free for workloads shrinks by ${list(parts)}.` }];
}

/** The cluster has nowhere left to place an ordinary pod. */
export function lastOpenNode(state: ClusterState, edited: readonly Edited[]): readonly Effect[] {
  if (!edited.some((one) => isOpen(one.before) && !isOpen(one.after))) return [];
  if (nodesAfter(state, edited).some(isOpen)) return [];
  return [
    { severity: 'warning', sentence: 'No node is left that takes pods without tolerations: new ones stay Pending.' },
  ];
}
