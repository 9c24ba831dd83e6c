// Quantities as people write them. Every request is at most the common middle and every limit at least, so that any two agree.
import type { Random } from '../../../source/sandbox/random.ts';
import type { Resources } from '../wire.ts';

/** Writings of at most half a core. */
const CPU_REQUESTS = [
  '1m',
  '10m',
  '100m',
  '0.1',
  '.25',
  '250m',
  '5e-2',
  '2e-1',
  '125000u',
  '333333333n',
  '0.5',
  '500m',
];
/** Writings of half a core or more. */
const CPU_LIMITS = ['500m', '0.5', '1', '1.', '1500m', '2', '2.75', '+3', '4e0', '3333333u', '0.001k'];
/** Writings of at most 256 MiB. */
const MEMORY_REQUESTS = [
  '1',
  '64Mi',
  '100M',
  '128974848',
  '129e6',
  '129M',
  '1e8',
  '123456k',
  '65536Ki',
  '0.1Gi',
  '0.125Gi',
  '128974848000m',
  '99.5Mi',
  '256Mi',
];
/** Writings of 256 MiB or more. */
const MEMORY_LIMITS = [
  '256Mi',
  '0.25Gi',
  '300M',
  '512Mi',
  '1Gi',
  '1.5Gi',
  '1G',
  '2e9',
  '1536Mi',
  '2147483648',
  '0.001T',
];
const STORAGE_REQUESTS = ['1Gi', '500M', '1e9', '0.5Gi', '1048576Ki'];

export const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[random.between(0, from.length - 1)];
  if (one === undefined) throw new Error('Nothing to pick from.');
  return one;
};

const requests = (random: Random) => ({ cpu: pick(random, CPU_REQUESTS), memory: pick(random, MEMORY_REQUESTS) });
const limits = (random: Random) => ({ cpu: pick(random, CPU_LIMITS), memory: pick(random, MEMORY_LIMITS) });

/** The ways in which containers ask for resources; each is used about as often as the others. */
const WAYS: readonly ((random: Random) => Resources)[] = [
  () => ({}),
  (random) => ({ requests: requests(random) }),
  (random) => ({ requests: requests(random), limits: limits(random) }),
  // The server copies a limit to the request that is missing.
  (random) => ({ limits: limits(random) }),
  (random) => ({ requests: { cpu: pick(random, CPU_REQUESTS) }, limits: { memory: pick(random, MEMORY_LIMITS) } }),
  (random) => ({ requests: { memory: pick(random, MEMORY_REQUESTS) } }),
  (random) => ({ requests: { cpu: '0', memory: '0' }, limits: limits(random) }),
  (random) => ({ requests: { ...requests(random), 'ephemeral-storage': pick(random, STORAGE_REQUESTS) } }),
  (random) => ({
    requests: { ...requests(random), 'hugepages-2Mi': '4Mi' },
    limits: { ...limits(random), 'hugepages-2Mi': '4Mi' },
  }),
  (random) => ({ requests: requests(random), limits: { 'example.com/accelerator': '1' } }),
];

export const resourcesOf = (random: Random): Resources => pick(random, WAYS)(random);
