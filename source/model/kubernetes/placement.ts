/**
 * One requirement of a node selector term (Kubernetes: NodeSelectorRequirement). The operator is kept as it came; one
 * that Kubernetes does not know is met by no node.
 */
export type Requirement = { readonly key: string; readonly operator: string; readonly values: readonly string[] };

/** A node matches a term when it meets all of its requirements; a term without any matches no node (Kubernetes). */
export type NodeTerm = { readonly labels: readonly Requirement[]; readonly fields: readonly Requirement[] };

/** A port of the machine that a container takes. Without an address it is taken on all of them. */
export type HostPort = { readonly address: string; readonly protocol: string; readonly port: number };

/** What the scheduler looks at besides what the console works out, as words of a sentence. */
export const UNMODELLED = [
  'affinity between pods',
  'spread over topologies',
  'extended resources',
  'resource claims',
  'another scheduler',
] as const;
export type Unmodelled = (typeof UNMODELLED)[number];

/** Where a pod may be placed, besides its requests and tolerations. */
export type Placement = {
  readonly selector: Readonly<Record<string, string>>;
  /** Required node affinity: one of the terms must match. Null when none is required; an empty list matches no node. */
  readonly terms: readonly NodeTerm[] | null;
  readonly hostPorts: readonly HostPort[];
  /** Names of what holds it back from being placed anywhere (Kubernetes: schedulingGates). */
  readonly gates: readonly string[];
  readonly unmodelled: readonly Unmodelled[];
};

/** A pod that may be placed anywhere. */
export const ANYWHERE: Placement = { selector: {}, terms: null, hostPorts: [], gates: [], unmodelled: [] };
