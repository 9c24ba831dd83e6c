/** A Kubernetes Event about a node, projected. */
export type EventRow = {
  readonly uid: string;
  /** Normal or Warning, as it came. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** Name of the involved object, a Node. */
  readonly node: string;
  readonly source: string;
  readonly count: number;
  /** Last time seen, ms since the epoch; null when the event carries no time. */
  readonly at: number | null;
};
