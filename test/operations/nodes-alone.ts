import type { Links } from '../../source/operations/run.ts';

const notAsked = () => Promise.reject(new Error('only nodes are asked here'));

/** Links that an edit of nodes has no use for: whoever asks through one fails the test. */
export const NODES_ALONE: Pick<Links, 'etcd' | 'backup'> = {
  etcd: {
    reader: { membership: notAsked, health: notAsked, figures: notAsked, revision: notAsked },
    writer: { compact: notAsked, defragment: notAsked, disarm: notAsked, moveLeader: notAsked },
  },
  backup: { copies: notAsked, backUp: notAsked },
};
