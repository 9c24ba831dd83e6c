import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SandboxClock } from '../clock.ts';
import { METRICS_TYPE, sampleLines } from './etcd/sample-lines.ts';
import { whole, type Answer } from './answers.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Of the histogram of client certificates (Kubernetes: apiserver, authentication by x509), in seconds. */
const BOUNDS = [
  0,
  ...[30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR],
  ...[1, 2, 4, 7, 30, 90, 180, 360].map((days) => days * DAY),
];

/** Requests a second of each kubelet, and of each scheduler and controller manager: leases alone. */
const KUBELET_RATE = 0.1;
const LEADER_RATE = 0.5;

/** Who asks beside those that are served here, each by a client certificate of the product. */
export type Askers = { readonly kubelets: number; readonly masters: number };

/** What the API server measures of itself, a small part of it. Times are ms since the epoch. */
export class OwnMetrics {
  readonly #began: number;
  readonly #lifetime: number;
  readonly #askers: () => Askers;
  readonly #wall: Pick<SandboxClock, 'now'>;
  readonly #counts = BOUNDS.map(() => 0);
  #count = 0;
  #sum = 0;
  #unserved = 0;
  #settled: number;

  /** `lifetime` is for how many seconds the client certificates of the product hold, by `wall` time as TLS goes. */
  constructor(now: number, lifetime: number, askers: () => Askers, wall: Pick<SandboxClock, 'now'>) {
    this.#began = this.#settled = now;
    this.#lifetime = lifetime;
    this.#askers = askers;
    this.#wall = wall;
  }

  /** Counts a request that came over a connection, where that showed a certificate that is good. */
  count(socket: Socket): void {
    if (!(socket instanceof TLSSocket) || !socket.authorized) return;
    const until = Date.parse(socket.getPeerCertificate().valid_to);
    if (!Number.isNaN(until)) this.#observe((until - this.#wall.now()) / 1000, 1);
  }

  answer(now: number): Answer {
    this.#settle(now);
    const expiration = { bounds: BOUNDS, counts: this.#counts, count: this.#count, sum: this.#sum };
    const lines = [
      '# HELP aggregator_unavailable_apiservice [ALPHA] Gauge of APIServices which are marked as unavailable broken down by APIService name.',
      '# TYPE aggregator_unavailable_apiservice gauge',
      ...['v1.', 'v1.apps', 'v1.batch'].flatMap((name) =>
        sampleLines('aggregator_unavailable_apiservice', { labels: [['name', name]], value: 0 }),
      ),
      '# HELP apiserver_client_certificate_expiration_seconds [ALPHA] Distribution of the remaining lifetime on the certificate used to authenticate a request.',
      '# TYPE apiserver_client_certificate_expiration_seconds histogram',
      ...sampleLines('apiserver_client_certificate_expiration_seconds', { value: expiration }),
      '# HELP process_start_time_seconds [ALPHA] Start time of the process since unix epoch in seconds.',
      '# TYPE process_start_time_seconds gauge',
      ...sampleLines('process_start_time_seconds', { value: this.#began / 1000 }),
    ];
    return whole(200, `${lines.join('\n')}\n`, METRICS_TYPE);
  }

  /** Counts what the components of the cluster asked meanwhile. */
  #settle(now: number): void {
    const { kubelets, masters } = this.#askers();
    this.#unserved += ((now - this.#settled) / 1000) * (kubelets * KUBELET_RATE + masters * 2 * LEADER_RATE);
    this.#settled = now;
    const times = Math.floor(this.#unserved);
    this.#unserved -= times;
    this.#observe(this.#lifetime - (now - this.#began) / 1000, times);
  }

  #observe(seconds: number, times: number): void {
    this.#count += times;
    this.#sum += seconds * times;
    for (const [index, bound] of BOUNDS.entries())
      if (seconds <= bound) this.#counts[index] = (this.#counts[index] ?? NaN) + times;
  }
}
