// What the tests need of a cluster to be the same tests on the sandbox and on real servers.
import type { Api } from '../real/servers/api.ts';

/** Users of every cluster: administrator, one who edits nodes, one who only reads, and one who may do nothing. */
export type Member = 'admin' | 'operator' | 'reader' | 'nobody';

/** How a kubeconfig logs in. The last four are no good, each in its way. */
export type Login = 'certificate' | 'token' | 'wrong-token' | 'expired-certificate' | 'foreign-certificate' | 'none';

export type AskedRequest = { readonly method: string; readonly path: string; readonly userAgent: string };

/** A running cluster with the standard architecture on it, where nothing happens but by the tests. */
export type Cluster = {
  readonly url: string;
  /** Of the kubeconfig's cluster entry. */
  readonly clusterName: string;
  /** The administrator's plain client: judges the console and plays everybody else, past all of its code. */
  readonly api: Api;
  kubeconfig(user: Member, login?: Login): Promise<string>;
  /** A user who reads everything but one resource, until the right is given. */
  blindTo(resource: 'pods' | 'events'): Promise<{ readonly kubeconfig: string; give(): Promise<void> }>;
  /** What a user (not the administrator) has asked the server for, oldest first. */
  asked(user: Exclude<Member, 'admin'>): Promise<readonly AskedRequest[]>;
  /** Ends the server in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Brings it back at the same address, with the same data. */
  revive(): Promise<void>;
  /** From now on no watch can start, and no list go on, before what is there now. Connections may be cut by it. */
  forgetPast(): Promise<void>;
  stop(): Promise<void>;
};

/** Stands for a cluster that runs while the tests do. */
export type Given = () => Cluster;
