import type { Connection } from '../kubernetes/connection.ts';
import { LinkFailure, mayHaveBeenDone } from '../kubernetes/failure.ts';
import { ETCD_WRITES } from './etcdctl.ts';
import { runEtcdctl } from './run-etcdctl.ts';

/**
 * What is asked of the member on a node, by etcdctl in its pod. Each is sent once, and resolves when etcdctl ended well.
 * Rejects with a LinkFailure: kind `unknown-outcome` where etcdctl was started and its end is not known, or etcd itself
 * gave up waiting; any other kind where it was not done, with the words of etcd.
 */
export type EtcdWriter = {
  /** Resolves when the history before the revision is gone from the file as well. */
  readonly compact: (node: string, revision: string) => Promise<void>;
  /** Of this member alone, which answers nobody meanwhile. */
  readonly defragment: (node: string) => Promise<void>;
  /** All alarms of all members. */
  readonly disarm: (node: string) => Promise<void>;
  /** `node` runs the leader; `to` is the id of a member, in hex. */
  readonly moveLeader: (node: string, to: string) => Promise<void>;
};

/** ms: for what works through the database, longer than etcdctl waits by itself. */
const LONG = 11 * 60_000;
const SHORT = 15_000;

export function createEtcdWriter(connection: Pick<Connection, 'exec'>): EtcdWriter {
  const run = async (what: string, node: string, command: readonly string[], timeout: number): Promise<void> => {
    try {
      await runEtcdctl(connection, { what, node, command, timeout });
    } catch (error) {
      if (!(error instanceof LinkFailure) || !isUnknown(error)) throw error;
      throw error.reworded(
        `Whether etcd did it is unknown (${error.message.replace(/\.$/, '')}); look at its members before trying again.`,
        'unknown-outcome',
      );
    }
  };
  return {
    compact: (node, revision) => run(`compact etcd through ${node}`, node, ETCD_WRITES.compact(revision), LONG),
    defragment: (node) => run(`defragment etcd on ${node}`, node, ETCD_WRITES.defragment(), LONG),
    disarm: (node) => run(`disarm the alarms of etcd through ${node}`, node, ETCD_WRITES.disarm(), SHORT),
    moveLeader: (node, to) => run(`move the leader of etcd away from ${node}`, node, ETCD_WRITES.moveLeader(to), SHORT),
  };
}

/** In the words of etcd and its client, for what was sent and not answered in time. */
const GAVE_UP =
  /deadline exceeded|timed out|leader changed|transport is closing|connection (closed|reset)|unavailable/i;

/** What etcdctl itself says is an answer, unless it is that etcd gave none; killed, it says nothing. */
const isUnknown = (failure: LinkFailure): boolean =>
  failure.status === null && failure.detail !== null
    ? failure.detail === '' || GAVE_UP.test(failure.detail)
    : mayHaveBeenDone(failure);
