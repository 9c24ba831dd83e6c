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

/** One request: what is sent to which node, and what it changes there. A node that needs no change has no step. */
export type Step = {
  readonly node: string;
  readonly uid: string;
  readonly changes: readonly Change[];
  /** Exactly what is sent: tests on the uid and on each edited value, then the edit. */
  readonly patch: readonly PatchOperation[];
  readonly dryRun: DryRun;
};

/** A condition that must hold; a refused guard stops the plan before anything is sent. */
export type Guard = { readonly name: string; readonly state: 'passed' | 'refused'; readonly sentence: string };

/** What will happen besides the change itself, in words. */
export type Effect = { readonly severity: 'note' | 'warning'; readonly sentence: string };

export type OperationName = NodeEdit['kind'] | 'undo';

export type Plan = {
  /** Unique, sorts by time. */
  readonly id: string;
  readonly name: OperationName;
  /** For people, as in "Untaint bootstrap". */
  readonly title: string;
  /** The kubectl lines that would do the same. */
  readonly commands: readonly string[];
  readonly steps: readonly Step[];
  /** Nodes of the request that hold everything asked already. */
  readonly unchanged: readonly string[];
  readonly guards: readonly Guard[];
  readonly effects: readonly Effect[];
  /** The operation that this one takes back, for an undo. */
  readonly undoes: string | null;
};

/** How a step ended. `unknown`: the request was sent and no answer came, so the effect must be looked at. */
export type StepResult = {
  readonly node: string;
  readonly state: 'done' | 'conflict' | 'refused' | 'failed' | 'unknown';
  /** One sentence; null when done. */
  readonly why: string | null;
};

/** A step on its way: sent, answered, and its effect seen in the live picture. */
export type StepProgress =
  | { readonly node: string; readonly state: 'sending' | 'observing' }
  | { readonly node: string; readonly state: 'ended'; readonly result: StepResult };

/** A line of the trail: one node of one operation. */
export type JournalItem = {
  readonly id: string;
  readonly at: number;
  readonly who: string;
  readonly context: string;
  readonly operation: OperationName;
  readonly object: string;
  readonly uid: string;
  readonly changes: readonly Change[];
  readonly command: string;
  /** `unknown` also when the console died between sending and writing the answer down. */
  readonly result: StepResult['state'];
  readonly why: string | null;
  readonly undoes: string | null;
};
