import type { Patience } from '../operations/observe.ts';
import type { Clock } from '../links/kubernetes/clock.ts';
import type { Surroundings } from '../links/kubernetes/kubeconfig.ts';
import type { EtcdHost } from '../state/etcd-nodes.ts';

/** What a session is opened with; everything that is not given is what an operator at a terminal would expect. */
export type SessionOptions = {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Impersonation, as kubectl's `--as` and `--as-group`. */
  readonly as?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
  readonly readOnly?: boolean | undefined;
  /** File to which everything that enters the picture is recorded. */
  readonly record?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Version of this program, for the user agent. */
  readonly version: string;
  /** Whether a credential plugin may ask on the terminal. */
  readonly interactive?: boolean | undefined;
  /** Aborts what is asked while opening, planning and loading; its reason is what rejects then. */
  readonly signal?: AbortSignal | undefined;
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
  readonly clock?: Clock | undefined;
  /** Resources are followed without a thread of their own, so that they go by `clock` as well. */
  readonly onThisThread?: boolean | undefined;
  /** Folder of the journal, in place of the one under XDG_STATE_HOME. */
  readonly stateFolder?: string | undefined;
  /** Where kubeconfigs are looked for; that of this machine unless given. */
  readonly surroundings?: Surroundings | undefined;
  /** Further addresses tried when the API server of the kubeconfig does not answer. */
  readonly localDoors?: readonly string[] | undefined;
  /**
   * Scheme, host and port at which this machine reaches the member of etcd on a node when the API server gives no answer,
   * null for nowhere; port 2381 of its control-plane address unless given, and nowhere through a tunnel or a proxy.
   */
  readonly memberAddress?: ((host: EtcdHost) => string | null) | undefined;
  /** How long effects may take to be seen. */
  readonly patience?: Patience | undefined;
};
