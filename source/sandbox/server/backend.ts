import type { SandboxClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Etcd } from '../world/etcd/etcd.ts';
import type { Collection } from '../world/store.ts';
import type { Denial } from './authorize.ts';
import type { Metrics } from './metrics.ts';
import type { OwnMetrics } from './own-metrics.ts';
import type { Minions } from './salt.ts';

/** What the handlers need to know of the world and of the server. */
export type Backend = {
  collection(name: string): Collection;
  metrics: Metrics;
  own: OwnMetrics;
  etcd: Etcd;
  /** Whether the machine of a node is up. */
  isAlive: (node: string) => boolean;
  minions: Minions;
  clock: SandboxClock;
  random: Random;
  denials: ReadonlySet<Denial>;
  address: () => string;
  bookmarkInterval: number;
};
