import type { Loss } from '../model/headroom/loss.ts';
import type { AmountsAndPods } from '../model/headroom/site.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { amountText, type Rounding } from '../text/amounts.ts';
import { list, plural } from '../text/words.ts';
import type { Headroom, Hole } from '../state/headroom.ts';

/** "0.5 cores", "1 core". */
export function coresWords(millicores: number, rounding: Rounding = {}): string {
  const text = amountText('cpu', millicores, rounding);
  return `${text} ${text === '1' ? 'core' : 'cores'}`;
}

/** "11.2 cores and 38Gi": what is free, never more than there is. */
export const roomWords = ({ cpu, memory }: Pick<AmountsAndPods, 'cpu' | 'memory'>): string =>
  `${coresWords(cpu, { round: 'down' })} and ${amountText('memory', memory, { round: 'down' })}`;

/** What is free for workloads, as a sentence. */
export function freeSentence({ freeForWorkloads, nodes, open }: Headroom): string {
  if (nodes === 0) return 'Free for workloads: nothing, for there is no node.';
  if (open === 0) return `Free for workloads: nothing, for none of ${plural(nodes, 'node')} is open.`;
  const free = valueOf(freeForWorkloads);
  if (free === null) return `Free for workloads: not known, for ${whyNot(freeForWorkloads) ?? ''}.`;
  return `Free for workloads on ${open} of ${plural(nodes, 'node')}: ${roomWords(free)}, ${plural(free.pods, 'pod')}.`;
}

/** The largest hole and where it is, as a sentence. */
export function holeSentence(reading: Reading<Hole>): string {
  const hole = valueOf(reading);
  if (hole === null) return `Largest hole: none to name, for ${whyNot(reading) ?? ''}.`;
  return `Largest hole: ${roomWords(hole.free)} on ${hole.node}.`;
}

const has = (count: number): string => (count === 1 ? 'has' : 'have');

function movesWords({ moved, pending }: Loss): string {
  const moving = moved.length + pending.length;
  if (moving === 0) return 'no pod must move';
  if (pending.length === 0) return `${plural(moving, 'pod')} must move, and there is room`;
  if (moved.length === 0) return `${plural(moving, 'pod')} must move and would stay Pending`;
  return `of ${plural(moving, 'pod')} that must move ${pending.length} would stay Pending`;
}

/** What the loss of a node would cost, as a sentence; what it leaves aside is in `estimateSentence`. */
export function lossSentence(reading: Reading<Loss>): string {
  const loss = valueOf(reading);
  if (loss === null) return `What the loss of a node would cost cannot be told, for ${whyNot(reading) ?? ''}.`;
  const { node, bound, unowned, untold, left } = loss;
  const parts = [
    movesWords(loss),
    bound.length === 0
      ? ''
      : `${plural(bound.length, 'pod')} cannot move: ${bound.length === 1 ? 'its volume is' : 'their volumes are'} on it`,
    unowned.length === 0
      ? ''
      : `${plural(unowned.length, 'pod')} ${has(unowned.length)} no controller and would be gone`,
    untold.length === 0 ? '' : `of ${plural(untold.length, 'pod')} with claims it is not known`,
    `left for workloads: ${roomWords(left)}`,
  ];
  return `If ${node} is lost: ${parts.filter(Boolean).join('; ')}.`;
}

/** How a loss is worked out, and what of its pods was not looked at. */
export function estimateSentence({ unmodelled }: Pick<Loss, 'unmodelled'>): string {
  const aside =
    unmodelled.length === 0 ? '' : `; not looked at, though some of these pods ask for it: ${list(unmodelled)}`;
  return `An estimate by requests, node selectors, node affinity, taints, ports, volumes and pod slots${aside}.`;
}
