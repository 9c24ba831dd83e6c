import type { EtcdFigures, EtcdHealth, EtcdMembership } from '../../model/etcd/etcd.ts';

/**
 * What operations read of etcd, each anew. `nodes` are those that run a member; the first that answers tells. All
 * reject with a LinkFailure, with a ConfigurationError, or with the signal's reason.
 */
export type EtcdReading = {
  readonly membership: (nodes: readonly string[], signal?: AbortSignal) => Promise<EtcdMembership>;
  readonly health: (node: string, signal?: AbortSignal) => Promise<EtcdHealth>;
  readonly figures: (node: string, signal?: AbortSignal) => Promise<EtcdFigures>;
  /** Revision of the store, a decimal int64. */
  readonly revision: (nodes: readonly string[], signal?: AbortSignal) => Promise<string>;
};

/**
 * What operations ask of the member on a node, by exec of etcdctl in its pod. Each is sent once, resolves when etcdctl
 * ended well, and rejects with a LinkFailure: `unknown-outcome` where etcdctl was started and its end is not known, or
 * etcd itself gave up waiting; any other kind where etcd said no, with its words.
 */
export type EtcdWriting = {
  /** Resolves when the history is gone from the file as well (`--physical`). */
  readonly compact: (node: string, revision: string) => Promise<void>;
  readonly defragment: (node: string) => Promise<void>;
  readonly disarm: (node: string) => Promise<void>;
  /** `node` runs the leader; `to` is the id of a member, in hex. */
  readonly moveLeader: (node: string, to: string) => Promise<void>;
};
