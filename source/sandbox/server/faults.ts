/** What can go wrong with one request on purpose. */
export type Fault =
  /** The connection is reset before anything is done. */
  | 'reset'
  /** What was asked for is done, and the connection is reset before the answer. */
  | 'lose-answer'
  /** Nothing is done and nothing is ever answered. */
  | 'hang'
  /** Half of the answer comes, then the connection is reset. */
  | 'truncate'
  /** Nothing is done and another answer is given than the server's own; an object is sent as JSON. */
  | { status: number; headers?: Readonly<Record<string, string>>; body?: string | object };

/** A request as it is remembered. `status` is null while no answer was given. */
export type RequestRecord = {
  method: string;
  /** Path with its query. */
  path: string;
  user: string;
  userAgent: string;
  status: number | null;
};

export type Chooser = (request: Readonly<RequestRecord>) => Fault | undefined;

/** What can be wrong with metrics.k8s.io while it lasts; nothing when empty. */
export type MetricsFault = {
  /** No metrics server was ever installed (404), or the one that is does not answer (503). */
  service?: 'absent' | 'unavailable';
  /** Milliseconds by which measurements are older than they should be. */
  behind?: number;
  /** Figures are so many times what is really used: above what a machine has, when it is large. */
  times?: number;
};

/** Faults that wait for a request, and those of metrics, which last until they are taken back. */
export class Faults {
  metrics: MetricsFault = {};
  readonly #once = new Set<Chooser>();
  readonly #always = new Set<Chooser>();

  /** Strikes the first request for which the chooser answers a fault. The answer of this method takes it back. */
  next(choose: Chooser): () => void {
    this.#once.add(choose);
    return () => void this.#once.delete(choose);
  }

  /** Strikes each request for which the chooser answers a fault, until the answer of this method is called. */
  every(choose: Chooser): () => void {
    this.#always.add(choose);
    return () => void this.#always.delete(choose);
  }

  clear(): void {
    this.#once.clear();
    this.#always.clear();
    this.metrics = {};
  }

  /** The fault of a request, if any. */
  of(request: RequestRecord): Fault | undefined {
    for (const choose of this.#once) {
      const fault = choose(request);
      if (fault === undefined) continue;
      this.#once.delete(choose);
      return fault;
    }
    for (const choose of this.#always) {
      const fault = choose(request);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}
