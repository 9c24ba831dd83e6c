const SECOND = 1_000;

/**
 * What etcd costs. While its screen is looked at, a turn asks every member for its figures and for one thing more;
 * otherwise it asks one member one thing, so that a quiet minute sees four requests however many members there are.
 * Without the API server the members are asked at their own addresses. Milliseconds from turn to turn.
 */
export const ETCD_BUDGET = {
  attended: 5 * SECOND,
  otherwise: 15 * SECOND,
  directly: { attended: 5 * SECOND, otherwise: 15 * SECOND },
  /** Once the nodes are known, before the first turn that nobody waits for: their rows are drawn, and lists asked for. */
  first: SECOND,
  /** A right that is missing is asked for again after so long. */
  denied: 60 * SECOND,
} as const;

/** More members than a cluster of etcd has (etcd: seven at most are advised); whatever says it has more is not asked. */
export const MOST_MEMBERS = 9;

/** Turns in which, while nobody looks, one asks etcdctl. */
export const EXEC_EVERY = 5;

/** So long the answer of a member stands for now, of `members` together: two may fail to come before it is old. */
export const memberFreshFor = (members: number): number =>
  2.5 * 2 * Math.max(1, members) * ETCD_BUDGET.otherwise * (EXEC_EVERY / (EXEC_EVERY - 1));

/** So long the list of members stands for now. */
export const membershipFreshFor = 2.5 * 2 * EXEC_EVERY * ETCD_BUDGET.otherwise;
