import type {
  EtcdRequest,
  JournalItem,
  NodeEdit,
  NodePlan,
  Plan,
  StepProgress,
  StepResult,
} from '../operations/operation.ts';
import type { Attention } from '../state/attention.ts';
import type { Store } from '../state/store.ts';
import type { TrailFilter } from './trail.ts';

export type { Attention };

/** Everything that a screen or a command can use: the picture, and the doing if there is any. */
export type Session = {
  readonly store: Store;
  readonly now: () => number;
  /** Why nothing can be written here, as a sentence; null when the writer exists. */
  readonly readOnly: string | null;
  /** Sentences that the operator should see at the start, such as an operation whose end is unknown. */
  readonly notices: readonly string[];
  /**
   * Works out an edit and asks the server for a dry run of each step. Never rejects for what the cluster says: a
   * refusal is in the plan. Rejects with an InputError when the edit itself is wrong (bad key, no such node).
   */
  plan(nodes: readonly string[], edit: NodeEdit): Promise<NodePlan>;
  /** The plan that takes back operation `id`, or the last one that can be. Rejects with an InputError when none can. */
  planUndo(id?: string): Promise<NodePlan>;
  /**
   * Asks all members of etcd how they are and works out what is asked of them. Never rejects for what they say: what
   * stands against it is a refused guard. Rejects with an InputError when a member is named that is not there.
   */
  planEtcd(request: EtcdRequest): Promise<Plan>;
  /** The plan of a backup now; it needs the nodes and the pods, and asks for rights and for the copies of archives. */
  planBackup(): Promise<Plan>;
  /**
   * Sends the steps, one record on disk before and one after each; resolves when every effect was seen or given up.
   * After `stop` no further step is sent, and the one on its way is seen to its end.
   */
  apply(plan: Plan, onProgress?: (progress: StepProgress) => void, stop?: AbortSignal): Promise<readonly StepResult[]>;
  /** Tells where the operator looks now; what is asked more often for that is asked at once. */
  attend(what: Attention): void;
  /** The trail, newest first. */
  journal(filter?: TrailFilter): readonly JournalItem[];
  close(): Promise<void>;
};
