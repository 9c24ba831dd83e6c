import type { Container, Pod } from '../wire.ts';
import { amount, NONE } from './quantity.ts';

/** What something uses: CPU in nanocores, memory in KiB, whole numbers both. */
export type Used = { cpu: number; memory: number };

const NANOCORES = 1e9;
const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** What containers of the product use where they ask for nothing: millicores and MiB. */
const TYPICAL: Readonly<Record<string, readonly [millicores: number, mebibytes: number]>> = {
  etcd: [90, 240],
  'kube-apiserver': [180, 900],
  'kube-controller-manager': [40, 160],
  'kube-scheduler': [8, 60],
  'kube-proxy': [4, 40],
  'salt-master': [60, 520],
  'salt-api': [10, 110],
  'calico-node': [35, 150],
  prometheus: [260, 1500],
  grafana: [15, 160],
  loki: [70, 420],
  'kube-state-metrics': [6, 60],
  alertmanager: [6, 45],
};

/** One pod in so many uses more than it asked for. */
const HUNGRY_ONE_IN = 24;

/** A number that belongs to a text (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value;
}

/** A number from 0 to 1 for each pair of numbers, always the same and in no order. */
function fraction(seed: number, which: number): number {
  let mixed = Math.imul(seed ^ Math.imul(which + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** What is drawn once for each container or machine. */
const DRAW = { period: 1, phase: 2, cpu: 3, memory: 4, hunger: 5, scrape: 6 };

/** Goes up and down around 1: slowly, and a little from one scrape to the next. */
export type Sway = { seed: number; period: number; phase: number };

const swayOf = (seed: number): Sway => ({
  seed,
  period: 20 + 40 * fraction(seed, DRAW.period),
  phase: fraction(seed, DRAW.phase),
});

/** How something sways that is known by a text. */
export const swayOfText = (text: string): Sway => swayOf(hash(text));

export function swaying({ seed, period, phase }: Sway, scrape: number): number {
  const slow = Math.sin(2 * Math.PI * (scrape / period + phase));
  return 1 + 0.06 * slow + 0.08 * (fraction(seed, DRAW.scrape + scrape) - 0.5);
}

type Asked = { request: number; limit: number };

function askedOf({ resources: { requests, limits } }: Container, resource: 'cpu' | 'memory'): Asked {
  const limit = limits?.[resource];
  return { request: amount(requests?.[resource] ?? NONE), limit: limit === undefined ? Infinity : amount(limit) };
}

type Known = { hash: number; cpu: Asked; memory: Asked };
const known = new WeakMap<Container, Known>();

/** What pods whose containers are the same have in common. */
function knownOf(container: Container): Known {
  const present = known.get(container);
  if (present) return present;
  const made = {
    hash: hash(container.name),
    cpu: askedOf(container, 'cpu'),
    memory: askedOf(container, 'memory'),
  };
  known.set(container, made);
  return made;
}

/** What of the usage of a container is the same at every scrape: as a whole, and the most that there may be. */
export type Habit = Sway & { name: string; usual: Used; most: Used };

/** A share of what was asked for, or what such a container usually takes. */
const usually = ({ request }: Asked, share: number, typical: number): number =>
  request > 0 ? request * share : typical;

/** Never quite what it is limited to. */
const atMost = ({ limit }: Asked): number => limit * 0.98;

function habitOf(container: Container, pod: number): Habit {
  const { name } = container;
  const { hash: own, cpu, memory } = knownOf(container);
  const seed = pod ^ own;
  const hungry = fraction(pod, DRAW.hunger) < 1 / HUNGRY_ONE_IN;
  const [cpuDraw, memoryDraw] = [fraction(seed, DRAW.cpu), fraction(seed, DRAW.memory)];
  const [millicores, mebibytes] = TYPICAL[name] ?? [3 + 30 * cpuDraw, 24 + 120 * memoryDraw];
  const cpuShare = hungry ? 1.1 + 0.5 * cpuDraw : 0.12 + 0.6 * cpuDraw;
  const memoryShare = hungry ? 1.05 + 0.3 * memoryDraw : 0.35 + 0.5 * memoryDraw;
  return {
    ...swayOf(seed),
    name,
    usual: {
      cpu: usually(cpu, cpuShare, millicores / 1000) * NANOCORES,
      memory: usually(memory, memoryShare, mebibytes * MEBIBYTE) / KIBIBYTE,
    },
    most: { cpu: atMost(cpu) * NANOCORES, memory: atMost(memory) / KIBIBYTE },
  };
}

/** The habits of the containers of a pod, in their order. */
export function habitsOf({ metadata, spec }: Pod): Habit[] {
  const seed = hash(metadata.uid);
  return spec.containers.map((each) => habitOf(each, seed));
}

/** What a container uses at a scrape. */
export function usageAt(habit: Habit, scrape: number): Used {
  const { usual, most } = habit;
  const now = swaying(habit, scrape);
  return {
    cpu: Math.round(Math.min(most.cpu, usual.cpu * now)),
    memory: Math.round(Math.min(most.memory, usual.memory * now)),
  };
}

/** What a machine uses beside its pods: kernel, kubelet, container runtime, Salt minion; more on a larger one. */
export const systemUsage = (cores: number, kibibytes: number, now: number): Used => ({
  cpu: (0.12 + 0.015 * cores) * NANOCORES * now,
  memory: (450 * 1024 + 0.015 * kibibytes) * now,
});
