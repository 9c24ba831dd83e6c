import type { Taint } from '../model/kubernetes/node.ts';
import type { Role } from '../product/roles.ts';

/** What an operator asks of one or more nodes. Grammar and names are kubectl's. */
export type NodeEdit =
  | { readonly kind: 'label'; readonly set: Readonly<Record<string, string>>; readonly remove: readonly string[] }
  | {
      readonly kind: 'taint';
      readonly add: readonly Pick<Taint, 'key' | 'value' | 'effect'>[];
      /** `effect` null removes every taint of that key. */
      readonly remove: readonly { readonly key: string; readonly effect: string | null }[];
      /** Also set the `node` role label, which keeps a bootstrap run from putting the product's taints back. */
      readonly addNodeRole: boolean;
    }
  | {
      readonly kind: 'role';
      readonly add: readonly Role[];
      readonly remove: readonly Role[];
      readonly taints: RoleTaints;
    }
  | { readonly kind: 'cordon' }
  | { readonly kind: 'uncordon' };

/**
 * What becomes of the taints of roles when roles change: those that the product gives to the resulting set, if it
 * knows it; those of a dedicated node where it knows two; left as they are; or exactly these.
 */
export type RoleTaints =
  { readonly mode: 'proposed' | 'dedicated' | 'kept' } | { readonly mode: 'set'; readonly roles: readonly Role[] };

/**
 * One thing that an operation changes on a node, with what stood there and what will stand there; null means nothing.
 * Its inverse is itself with the two exchanged, and it may be undone where the node still holds `after`.
 */
export type Change =
  | { readonly field: 'label'; readonly key: string; readonly before: string | null; readonly after: string | null }
  | {
      readonly field: 'taint';
      readonly key: string;
      readonly effect: string;
      readonly before: Taint | null;
      readonly after: Taint | null;
    }
  | { readonly field: 'cordoned'; readonly before: boolean; readonly after: boolean };

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** What the server said of a step when asked without changing anything. */
export type DryRun =
  | { readonly state: 'accepted' }
  | { readonly state: 'refused'; readonly why: string }
  /** A webhook that cannot take part in dry runs, or no answer: the preview says "not checked by the server". */
  | { readonly state: 'not-checked'; readonly why: string };

/** What a step does. A change of a Node is an edit; the others are commands to a member of etcd, and the product's backup. */
export const TASKS = ['edit', 'compact', 'defragment', 'disarm', 'move-leader', 'back-up'] as const;
export type Task = (typeof TASKS)[number];

/** What names a step in its plan: what is done, and on which node. */
export type StepName = { readonly task: Task; readonly node: string };

/** A patch of a Node: what it changes there. A node that needs no change has no step. */
export type NodeStep = {
  readonly task: 'edit';
  readonly node: string;
  readonly uid: string;
  readonly changes: readonly Change[];
  /** Exactly what is sent: tests on the uid and on each edited value, then the edit. */
  readonly patch: readonly PatchOperation[];
  readonly dryRun: DryRun;
};

/** A member of etcd as a step names it; `id` in hex, `name` hostile. */
export type MemberName = { readonly id: string; readonly name: string };

/** What can be asked of a member of etcd. */
export type EtcdCommand =
  /** Forgets the history of all keys before `revision` (a decimal int64), on every member. */
  | { readonly task: 'compact'; readonly revision: string }
  /**
   * Gives back the free pages of the member's own file; it answers nobody meanwhile. `leads`: as the leader, last.
   * `count`: how often it was done since the member started, when this was planned; null where that was not told.
   */
  | { readonly task: 'defragment'; readonly leads: boolean; readonly count: number | null }
  /** Takes back every alarm of the cluster. */
  | { readonly task: 'disarm' }
  | { readonly task: 'move-leader'; readonly to: MemberName };

/** A member and the node that runs it. */
export type MemberPlace = { readonly node: string; readonly member: MemberName };

/** A command that is run in the pod of a member. There is no dry run of it. */
export type EtcdStep = EtcdCommand &
  MemberPlace & {
    /** All members of the cluster when it was planned: with others it is not sent. */
    readonly cluster: readonly MemberPlace[];
    /** What it does, as a clause without a full stop. */
    readonly does: string;
  };

/** The product's own backup, run by Salt on the bootstrap node. */
export type BackupStep = {
  readonly task: 'back-up';
  readonly node: string;
  /** Pod of the Salt master through which it is asked for. */
  readonly pod: string;
  /** Names of the masters, each of which is to have a copy. */
  readonly masters: readonly string[];
  readonly does: string;
};

/** One request. */
export type Step = NodeStep | EtcdStep | BackupStep;

/** A condition that must hold; a refused guard stops the plan before anything is sent. */
export type Guard = { readonly name: string; readonly state: 'passed' | 'refused'; readonly sentence: string };

/** What will happen besides the change itself, in words. */
export type Effect = { readonly severity: 'note' | 'warning'; readonly sentence: string };

/** What an operator asks of etcd. Members are given by name or id; none means all, or for a leader the best one. */
export type EtcdRequest =
  | { readonly kind: 'defragment'; readonly members: readonly string[] }
  | { readonly kind: 'disarm' }
  | { readonly kind: 'move-leader'; readonly to: string | null };

export type OperationName = NodeEdit['kind'] | EtcdRequest['kind'] | 'backup' | 'undo';

export type Plan = {
  /** Unique, sorts by time. */
  readonly id: string;
  readonly name: OperationName;
  /** For people, as in "Untaint bootstrap". */
  readonly title: string;
  /** The lines that would do the same by hand. */
  readonly commands: readonly string[];
  readonly steps: readonly Step[];
  /** A step is sent only when all before it came about; else each is tried, whatever became of the others. */
  readonly inOrder: boolean;
  /** Nodes of the request that hold everything asked already. */
  readonly unchanged: readonly string[];
  readonly guards: readonly Guard[];
  readonly effects: readonly Effect[];
  /** The operation that this one takes back, for an undo. */
  readonly undoes: string | null;
  /** What the operator has to type before anything is sent; null where a plain yes is enough. */
  readonly confirmation: string | null;
};

/** A plan of edits, each of which the server can be asked about without changing anything. */
export type NodePlan = Omit<Plan, 'steps'> & { readonly steps: readonly NodeStep[] };

/** How a step ended. `unknown`: the request was sent and no answer came, so the effect must be looked at. */
export type StepResult = StepName & {
  readonly state: 'done' | 'conflict' | 'refused' | 'failed' | 'unknown';
  /** One sentence; null when done and there is nothing to say of it. */
  readonly why: string | null;
};

/** A step on its way: sent, answered, and its effect seen in the cluster. */
export type StepProgress = StepName &
  (
    | {
        readonly state: 'sending' | 'observing';
        /** When it was begun, ms since the epoch. */
        readonly since: number;
      }
    | {
        readonly state: 'ended';
        readonly result: StepResult;
        /** ms that it took; null where nothing was sent. */
        readonly took: number | null;
      }
  );

/** A line of the trail: one step of one operation. */
export type JournalItem = {
  readonly id: string;
  readonly at: number;
  readonly who: string;
  readonly context: string;
  readonly operation: OperationName;
  readonly task: Task;
  /** The node, and what tells it from another of that name: the uid of a Node, the id of a member of etcd. */
  readonly object: string;
  readonly uid: string;
  readonly changes: readonly Change[];
  readonly command: string;
  /** `unknown` also when the console died between sending and writing the answer down. */
  readonly result: StepResult['state'];
  readonly why: string | null;
  readonly undoes: string | null;
};
