import type { EtcdRequest, NodeEdit, Plan, RoleTaints, StepProgress, StepResult } from '../operations/operation.ts';
import type { Area, Verdict } from '../checks/verdict/verdict.ts';
import type { Role } from '../product/roles.ts';
import type { Scope } from './keys/scopes.ts';
import type { Line } from './widgets/line-editor.ts';
import { emptyLine } from './widgets/line-editor.ts';
import type { BoundPosition, Position } from './widgets/position.ts';

/** What nodes are listed by: the group of each, its roles, the planes it serves, or a label. */
export type Grouping =
  { readonly by: 'group' | 'role' | 'plane' | 'nothing' } | { readonly by: 'label'; readonly key: string };

/** The list of nodes. The cursor is on an object, not on a row; `index` is where to go when the object is gone. */
export type NodesView = {
  readonly name: 'nodes';
  readonly cursor: { readonly uid: string | null; readonly index: number };
  readonly top: number;
  readonly sort: { readonly column: string; readonly descending: boolean };
  readonly grouping: Grouping;
  /** Uids of the nodes that an edit is meant for, whether the filter shows them or not. */
  readonly marked: ReadonlySet<string>;
  readonly filter: Line;
  readonly filtering: boolean;
};

export const NODE_TABS = ['overview', 'pods', 'events', 'labels'] as const;
export type NodeTab = (typeof NODE_TABS)[number];

/** The page of one node. Named by uid: a node re-created under the same name is another one. */
export type NodeView = {
  readonly name: 'node';
  readonly uid: string;
  readonly node: string;
  readonly tab: NodeTab;
  readonly top: number;
};

export type GroupView = { readonly name: 'group'; readonly position: BoundPosition };

export type SortView = { readonly name: 'sort'; readonly position: Position };

/** A node that a form is about, by uid: one re-created under the same name is another one. */
export type FormTarget = { readonly uid: string; readonly name: string };

/** Text being typed into a form, and what is wrong with it. `of` names what is changed; null is a new entry. */
export type FormInput = { readonly line: Line; readonly of: string | null; readonly problem: string | null };

export type LabelsView = {
  readonly name: 'labels';
  readonly targets: readonly FormTarget[];
  readonly position: BoundPosition;
  readonly removed: readonly string[];
  /** Labels to add or change. A Map: a key may be the name of anything. */
  readonly set: ReadonlyMap<string, string>;
  readonly input: FormInput | null;
};

/** A taint named in a form. */
export type TaintEntry = { readonly key: string; readonly value: string; readonly effect: string };

export type TaintsView = {
  readonly name: 'taints';
  readonly targets: readonly FormTarget[];
  readonly position: BoundPosition;
  /** `key:effect` of taints to remove. */
  readonly removed: readonly string[];
  readonly added: readonly TaintEntry[];
  readonly addNodeRole: boolean;
  readonly input: FormInput | null;
};

export type RolesView = {
  readonly name: 'roles';
  readonly targets: readonly FormTarget[];
  readonly position: BoundPosition;
  /** Roles that every node shall have, and those that none shall have; the others stay as they are. */
  readonly add: readonly Role[];
  readonly remove: readonly Role[];
  /** What becomes of their taints. */
  readonly taints: RoleTaints;
  readonly input: null;
};

/** The pods that wait for a node. The cursor is on an object, as in the list of nodes. */
export type PendingView = {
  readonly name: 'pending';
  readonly cursor: { readonly uid: string | null; readonly index: number };
  readonly top: number;
};

/** All that is said of one pending pod, by uid: one re-created under the same name is another one. */
export type PendingPodView = {
  readonly name: 'pending-pod';
  readonly pod: { readonly uid: string; readonly name: string };
  readonly top: number;
};

/** Sums of what nodes offer, take and need; `page` is which of the columns that do not fit beside each other. */
export type HeadroomView = { readonly name: 'headroom'; readonly page: number; readonly top: number };

/** What the loss of a node would cost; without a node, that of the largest one, whichever that is at the time. */
export type LossView = { readonly name: 'loss'; readonly node: FormTarget | null; readonly top: number };

/** What is typed to be fitted in, answered while it is typed. */
export type FitsView = { readonly name: 'fits'; readonly line: Line; readonly top: number };

/** The members of etcd. The cursor is on a member by the key of its row; `top` is of the rows below them. */
export type EtcdView = {
  readonly name: 'etcd';
  readonly cursor: { readonly member: string | null; readonly index: number };
  readonly top: number;
};

/** All figures of one member, by the key of its row. */
export type EtcdMemberView = { readonly name: 'etcd-member'; readonly member: string; readonly top: number };

/** What of the control plane the operator was led to: an object, and in which respect. */
export type MarkedObject = { readonly area: Area; readonly object: string };

/** Masters, API servers, leases, services, certificates and the backup. */
export type ControlPlaneView = {
  readonly name: 'control-plane';
  readonly marked: MarkedObject | null;
  readonly top: number;
};

/** The clusters in a box that can be shown in the place of this one. */
export type ScenesView = { readonly name: 'scenes'; readonly position: Position };

/** A plan being worked out by the server, shown, run, or run to its end. */
export type PlanView = {
  readonly name: 'plan';
  /** Tells answers to this plan from late answers to one that the operator went back from. */
  readonly ticket: number;
  readonly title: string;
  readonly phase: 'planning' | 'preview' | 'running' | 'ended';
  readonly plan: Plan | null;
  /** By the key of the step. */
  readonly progress: Readonly<Record<string, StepProgress>>;
  readonly results: readonly StepResult[];
  /** The operator wants no further step to be sent. */
  readonly stopping: boolean;
  /** What was typed of the name that a plan asks for. */
  readonly typed: Line;
  readonly top: number;
};

export type HelpView = { readonly name: 'help'; readonly of: Scope; readonly top: number };

export type View =
  | NodesView
  | NodeView
  | GroupView
  | SortView
  | LabelsView
  | TaintsView
  | RolesView
  | PendingView
  | PendingPodView
  | HeadroomView
  | LossView
  | FitsView
  | EtcdView
  | EtcdMemberView
  | ControlPlaneView
  | ScenesView
  | PlanView
  | HelpView;

export const firstView: NodesView = {
  name: 'nodes',
  cursor: { uid: null, index: 0 },
  top: 0,
  sort: { column: 'name', descending: false },
  grouping: { by: 'group' },
  marked: new Set(),
  filter: emptyLine,
  filtering: false,
};

/** A plan that has just been asked for; it gets its ticket when it is shown. */
export const planning = (title: string): PlanView => ({
  name: 'plan',
  ticket: 0,
  title,
  phase: 'planning',
  plan: null,
  progress: {},
  results: [],
  stopping: false,
  typed: emptyLine,
  top: 0,
});

/** What a screen asks the world to do; carried out by the console, whose answers come back as actions. */
export type Request =
  | { readonly type: 'plan'; readonly nodes: readonly string[]; readonly edit: NodeEdit }
  | { readonly type: 'plan-undo' }
  | { readonly type: 'plan-etcd'; readonly request: EtcdRequest }
  | { readonly type: 'plan-backup' }
  | { readonly type: 'apply'; readonly plan: Plan }
  /** Of the operation that is on its way, no further step. */
  | { readonly type: 'stop' }
  | { readonly type: 'show-scene'; readonly scene: string }
  | { readonly type: 'quit'; readonly interrupted: boolean }
  | { readonly type: 'suspend' }
  | { readonly type: 'redraw' };

/** A sentence for the operator that stays until the next key that changes something. */
export type Notice = {
  readonly severity: 'note' | 'warning' | 'critical';
  readonly sentence: string;
  /** What was true of the cluster when it was said: the sentence goes when that is another. */
  readonly during?: Verdict;
};
