import type { Loss } from '../model/headroom/loss.ts';
import { isReady } from '../model/kubernetes/node-status.ts';
import type { NodeAmounts } from '../model/kubernetes/amounts.ts';
import type { Unmodelled } from '../model/kubernetes/placement.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { bytesWords, coresWords, UNKNOWN } from '../text/amounts.ts';
import { list, plural } from '../text/words.ts';
import type { Headroom } from './headroom-sum.ts';
import type { Hole } from './largest-hole.ts';
import type { NodeRow } from './node-rows.ts';

// What is said of free room and of losses, on screens and on lines alike. Names of the cluster stand in it as they came.

type Room = Pick<NodeAmounts, 'cpu' | 'memory'>;

/** What is free, never more than there is. */
const roomParts = ({ cpu, memory }: Room): readonly [cpu: string, memory: string] => [
  cpu === null ? `${UNKNOWN} cores` : coresWords(cpu, { round: 'down' }),
  memory === null ? UNKNOWN : bytesWords(memory, { round: 'down' }),
];

/** "11.2 cores and 38Gi". */
export const roomWords = (room: Room): string => roomParts(room).join(' and ');

const slotsWords = ({ pods }: Pick<NodeAmounts, 'pods'>): string =>
  pods === null ? `${UNKNOWN} pods` : plural(pods, 'pod');

/** "on 2 open nodes": where room is free for workloads. */
export const openWords = (open: number): string => `on ${plural(open, 'open node')}`;

/** Why nothing can be free for workloads, whatever pods take; null where a node is open. */
export function whyNothingOpen({ nodes, open }: Pick<Headroom, 'nodes' | 'open'>): string | null {
  if (nodes === 0) return 'there is no node';
  return open === 0 ? `none of ${plural(nodes, 'node')} is open` : null;
}

/** What is free for workloads, as a sentence. */
export function freeSentence(headroom: Headroom): string {
  const { freeForWorkloads, nodes, open } = headroom;
  const none = whyNothingOpen(headroom);
  if (none !== null) return `Free for workloads: nothing, for ${none}.`;
  const free = valueOf(freeForWorkloads);
  if (free === null) return `Free for workloads: not known, for ${whyNot(freeForWorkloads) ?? ''}.`;
  return `Free for workloads ${openWords(open)} of ${nodes}: ${roomWords(free)}, ${slotsWords(free)}.`;
}

/** Said where there is no hole to name though a node is open, and where there is no largest node. */
export const NO_HOLE = 'no open node has room for a pod';
export const NO_LARGEST = 'no node is Ready and says what it offers';

/** Why there is no hole to name. */
export const whyNoHole = (headroom: Pick<Headroom, 'nodes' | 'open'>): string => whyNothingOpen(headroom) ?? NO_HOLE;

/** "3 cores and 11Gi on wrk-1". */
export const holeWords = ({ node, free }: Hole): string => `${roomWords(free)} on ${node}`;

/** The largest hole and where it is, as a sentence. */
export function holeSentence(reading: Reading<Hole>): string {
  const hole = valueOf(reading);
  return hole === null
    ? `Largest hole: none to name, for ${whyNot(reading) ?? ''}.`
    : `Largest hole: ${holeWords(hole)}.`;
}

/** What a loss brings on pods, the worst first: as a clause about them, and the reason for one and for many. */
export const FATES = {
  pending: { end: 'would stay Pending', one: 'no other node takes it', many: 'no other node takes them' },
  bound: { end: 'cannot move', one: 'its volume is on the node', many: 'their volumes are on the node' },
  unowned: { end: 'would be gone', one: 'no controller makes it anew', many: 'no controller makes them anew' },
  untold: {
    end: 'may or may not move',
    one: 'its claims and volumes cannot be read',
    many: 'their claims and volumes cannot be read',
  },
} as const satisfies Partial<Record<keyof Loss, { end: string; one: string; many: string }>>;
export type Fate = keyof typeof FATES;
const WORST_FIRST = Object.keys(FATES) as readonly Fate[];

/** A clause about one fate of pods: in short, and with its reason. */
export type FateWords = { readonly fate: Fate; readonly short: string; readonly long: string };

/** What goes wrong when the node is lost; nothing where all that must move finds room. */
export const fateWords = (loss: Loss): readonly FateWords[] =>
  WORST_FIRST.flatMap((fate) => {
    const count = loss[fate].length;
    if (count === 0) return [];
    const { end, one, many } = FATES[fate];
    const short = `${plural(count, 'pod')} ${end}`;
    return [{ fate, short, long: `${short}: ${count === 1 ? one : many}` }];
  });

/** What is said of pods that are being deleted already, as a clause; null where there is none. */
export const leavingWords = ({ leaving }: Pick<Loss, 'leaving'>): string | null =>
  leaving.length === 0
    ? null
    : `${plural(leaving.length, 'pod')} ${leaving.length === 1 ? 'is' : 'are'} being deleted already, and ${leaving.length === 1 ? 'waits' : 'wait'} for the node to end ${leaving.length === 1 ? 'it' : 'them'}`;

/** How many pods must move, and that they find room where all of them do. */
export function movesWords({ moved, pending }: Pick<Loss, 'moved' | 'pending'>): string {
  const moving = moved.length + pending.length;
  if (moving === 0) return 'no pod must move';
  const words = `${plural(moving, 'pod')} must move`;
  return pending.length > 0 ? words : `${words} and ${moving === 1 ? 'finds' : 'find'} room`;
}

/** How many pods find room, where a row has little of it. */
export const shortMoves = ({ moved }: Pick<Loss, 'moved'>): string =>
  moved.length === 0 ? 'no pod must move' : `${moved.length} fit`;

function leftIn({ open, left }: Pick<Loss, 'open' | 'left'>, words: (room: Room) => string): string {
  if (open === 0) return 'no open node left';
  const room = valueOf(left);
  return room === null ? `${UNKNOWN} left: ${whyNot(left) ?? ''}` : `${words(room)} left`;
}

/** What is left for workloads afterwards, where a row has little room. */
export const shortLeft = (loss: Pick<Loss, 'open' | 'left'>): string =>
  leftIn(loss, (room) => roomParts(room).join(', '));

/** The same in full. */
export const leftWords = (loss: Pick<Loss, 'open' | 'left'>): string =>
  `${leftIn(loss, roomWords)}${loss.open > 0 && valueOf(loss.left) === null ? '' : ' for workloads'}`;

/** What a loss costs: what must move, what goes wrong, what is left. */
export const lossClauses = (loss: Loss): readonly string[] => [
  movesWords(loss),
  ...fateWords(loss).map(({ long }) => long),
  ...[leavingWords(loss)].filter((words) => words !== null),
  leftWords(loss),
];

/** What the loss of a node would cost, as a sentence; `rows` are all nodes. What it leaves aside is said apart. */
export function lossSentence(reading: Reading<Loss>, rows: readonly NodeRow[]): string {
  const loss = valueOf(reading);
  if (loss === null) return `What the loss of a node would cost cannot be told, for ${whyNot(reading) ?? ''}.`;
  const row = rows.find(({ node }) => node.name === loss.node);
  const state = row === undefined || isReady(row.node) ? '' : ' (not Ready)';
  return `If ${loss.node}${state} is lost: ${lossClauses(loss).join('; ')}.`;
}

/** How a loss is worked out. */
export const ESTIMATE =
  'An estimate by requests, node selectors, node affinity, taints, ports, volumes and pod slots; nothing is evicted to make room. ' +
  'How many volumes a node takes, and claims that one pod alone may use (ReadWriteOncePod), are not looked at.';

/** Said of a loss that stands among the words about nodes with a role. */
export const OF_WHOLE_CLUSTER = 'Where pods move to, and what is left for workloads then, is of the whole cluster.';

/** What pods ask for and was not looked at, as a clause; null where there is nothing of the kind. */
export const asideWords = (
  who: 'some of these pods ask' | 'this pod asks',
  what: readonly Unmodelled[],
): string | null => (what.length === 0 ? null : `${who} for ${list(what)}, which is not looked at`);
