import type { Loss } from '../model/headroom/loss.ts';
import type { AmountsAndPods } from '../model/headroom/site.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { amountText } from '../text/amounts.ts';
import { list, plural } from '../text/words.ts';
import type { Headroom, Hole } from '../state/headroom.ts';

/** "11.2 cores and 38Gi": what is free, never more than there is. */
export const roomWords = ({ cpu, memory }: Pick<AmountsAndPods, 'cpu' | 'memory'>): string =>
  `${amountText('cpu', cpu, { round: 'down' })} cores and ${amountText('memory', memory, { round: 'down' })}`;

const notKnown = (what: string, reading: Reading<unknown>): string => `${what} is not known: ${whyNot(reading) ?? ''}.`;

/** What is free for workloads, as a sentence. */
export function freeSentence({ freeForWorkloads, nodes, open }: Headroom): string {
  if (open === 0) return `Free for workloads: nothing, for none of ${plural(nodes, 'node')} is open.`;
  const free = valueOf(freeForWorkloads);
  if (free === null) return notKnown('What is free for workloads', freeForWorkloads);
  return `Free for workloads on ${open} of ${plural(nodes, 'node')}: ${roomWords(free)}, ${plural(free.pods, 'pod')}.`;
}

/** The largest hole and where it is, as a sentence. */
export function holeSentence(reading: Reading<Hole>): string {
  const hole = valueOf(reading);
  if (hole === null) return notKnown('The largest hole', reading);
  return `Largest hole: ${roomWords(hole.free)} on ${hole.node}.`;
}

const has = (count: number): string => (count === 1 ? 'has' : 'have');

function movesWords({ moved, pending }: Loss): string {
  const moving = moved.length + pending.length;
  if (moving === 0) return 'no pod must move';
  if (pending.length === 0) return `${plural(moving, 'pod')} must move, and there is room`;
  return `of ${plural(moving, 'pod')} that must move ${pending.length} would stay Pending`;
}

/** What the loss of a node would cost, as a sentence; what it leaves aside is in `estimateSentence`. */
export function lossSentence(reading: Reading<Loss>): string {
  const loss = valueOf(reading);
  if (loss === null) return notKnown('What the loss of a node would cost', reading);
  const { node, bound, unowned, untold, left } = loss;
  const parts = [
    movesWords(loss),
    bound.length === 0 ? '' : `${plural(bound.length, 'pod')} cannot move for the volumes there`,
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
