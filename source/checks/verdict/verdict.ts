/** How a cluster is, worst last: what is not known is never healthy, and never said to be bad. */
export const VERDICTS = ['healthy', 'unknown', 'degraded', 'at-risk'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What is judged, in the order in which it is told where nothing is wrong. */
export const AREAS = [
  'control-plane',
  'etcd',
  'nodes',
  'certificates',
  'backup',
  'alerts',
  'monitoring',
  'salt',
] as const;
export type Area = (typeof AREAS)[number];

/** Where the operator sees more of it: a screen of the console, and on it what to look at. */
export type Next = { readonly screen: 'nodes' | 'node' | 'etcd' | 'control-plane'; readonly object: string | null };

/** One thing that makes a verdict, in words; `since` is ms since the epoch, null where nobody knows. */
export type Reason = {
  readonly area: Area;
  readonly severity: Verdict;
  readonly sentence: string;
  readonly since: number | null;
  readonly next: Next | null;
};

/** How one area is: its worst, one short sentence for a line, and every reason, worst first. */
export type AreaVerdict = {
  readonly area: Area;
  readonly verdict: Verdict;
  /** Absent in this version of the console or on this cluster: told, and no part of the whole. */
  readonly isAbsent: boolean;
  readonly sentence: string;
  readonly reasons: readonly Reason[];
};

/** The whole: the worst of all areas that are there, and all reasons, worst first, then by area. */
export type ClusterVerdict = {
  readonly verdict: Verdict;
  readonly areas: readonly AreaVerdict[];
  readonly reasons: readonly Reason[];
};
