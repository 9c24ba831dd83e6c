import { pause, type Clock } from '../../links/kubernetes/clock.ts';
import type { EtcdHost } from '../etcd-nodes.ts';

/**
 * Members of which the API server gave no answer while it did of others: it may wait for the member, or for etcd itself
 * (its client of etcd takes a while to leave a member whose machine is gone). They are asked at their own addresses and
 * by the proxy in turns, so that they cost no more than the others.
 */
export type Doubts = {
  /** Whether a member is asked at its own address next, and not by the proxy. */
  readonly isDirectNext: (node: string) => boolean;
  /** Asks it there. */
  readonly ask: (node: EtcdHost) => Promise<void>;
  /** The proxy gave no answer: the member is asked at its own address, unless it was last time. */
  readonly raise: (node: EtcdHost, silence: () => void) => Promise<void>;
  /** The proxy answers. */
  readonly settle: (node: string) => void;
  /** The server answers nothing, so that nothing is known of one member. */
  readonly clear: () => void;
};

/** ms that a member has to answer at its own address before its silence is told; later answers count as well. */
const GRACE = 500;

type Doubt = { readonly isDirectNext: boolean; readonly answers: boolean; readonly silence: () => void };

/** `atAddress` resolves with whether the member answered everything; null where it has no address for this machine. */
export function createDoubts(
  atAddress: (node: EtcdHost) => Promise<boolean | null>,
  clock: Clock,
  signal: AbortSignal,
): Doubts {
  const doubts = new Map<string, Doubt>();

  const askAt = async (node: EtcdHost, silence: () => void): Promise<void> => {
    const asked = atAddress(node);
    const waiting = new AbortController();
    const isLate = pause(clock, GRACE, AbortSignal.any([waiting.signal, signal])).then(() => false);
    const answersInTime = await Promise.race([asked, isLate]).finally(() => waiting.abort());
    if (answersInTime !== true) silence();
    const answers = await asked;
    if (answers !== null) doubts.set(node.name, { isDirectNext: false, answers, silence });
  };

  return {
    isDirectNext: (node) => doubts.get(node)?.isDirectNext === true,
    ask: async (node) => {
      const doubt = doubts.get(node.name);
      if (doubt !== undefined) await askAt(node, doubt.silence);
    },
    raise: async (node, silence) => {
      const doubt = doubts.get(node.name);
      if (doubt === undefined) return askAt(node, silence);
      doubts.set(node.name, { isDirectNext: true, answers: doubt.answers, silence });
      if (!doubt.answers) silence();
    },
    settle: (node) => void doubts.delete(node),
    clear: () => doubts.clear(),
  };
}
