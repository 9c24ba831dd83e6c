/** What a node uses, by metrics.k8s.io: the mean of a window that ended at `at`. */
export type NodeUsage = {
  /** Name of the node: the metrics API gives no uid. */
  readonly uid: string;
  /** ms since the epoch; null when the source does not say. */
  readonly at: number | null;
  /** Millicores; null when not measured. */
  readonly cpu: number | null;
  /** Bytes (working set); null when not measured. */
  readonly memory: number | null;
};
