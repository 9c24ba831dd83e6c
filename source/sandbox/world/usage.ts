import type { Container, Node, Pod } from '../wire.ts';
import { amount, NONE } from './quantity.ts';
import type { Site } from './site.ts';

/** What something uses: CPU in nanocores, memory in KiB, whole numbers both. */
export type Used = { cpu: number; memory: number };

/** A measurement: taken at a time (milliseconds), over a window of so many seconds. */
type Measured = { at: number; window: number };
export type NodeUsage = Measured & Used & { name: string };
export type PodUsage = Measured & { pod: Pod; containers: readonly (Used & { name: string })[] };

/** Prometheus is asked for rates over three minutes, and scrapes every 30 seconds (MetalK8s: prometheus-adapter). */
const WINDOW_SECONDS = 180;
const SCRAPE_MILLISECONDS = 30_000;

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
function sway(seed: number, scrape: number): number {
  const period = 20 + 40 * fraction(seed, DRAW.period);
  const slow = Math.sin(2 * Math.PI * (scrape / period + fraction(seed, DRAW.phase)));
  return 1 + 0.06 * slow + 0.08 * (fraction(seed, DRAW.scrape + scrape) - 0.5);
}

type Asked = { request: number; limit: number };

function askedOf({ resources: { requests, limits } }: Container, resource: 'cpu' | 'memory'): Asked {
  const limit = limits?.[resource];
  return { request: amount(requests?.[resource] ?? NONE), limit: limit === undefined ? Infinity : amount(limit) };
}

/** A share of what was asked for, or what such a container usually takes; never quite what it is limited to. */
const taken = ({ request, limit }: Asked, share: number, usual: number, swaying: number): number =>
  Math.min(limit * 0.98, (request > 0 ? request * share : usual) * swaying);

function containerUsage(container: Container, pod: number, scrape: number): Used & { name: string } {
  const { name } = container;
  const seed = pod ^ hash(name);
  const hungry = fraction(pod, DRAW.hunger) < 1 / HUNGRY_ONE_IN;
  const swaying = sway(seed, scrape);
  const [cpuDraw, memoryDraw] = [fraction(seed, DRAW.cpu), fraction(seed, DRAW.memory)];
  const [millicores, mebibytes] = TYPICAL[name] ?? [3 + 30 * cpuDraw, 24 + 120 * memoryDraw];
  const cpuShare = hungry ? 1.1 + 0.5 * cpuDraw : 0.12 + 0.6 * cpuDraw;
  const memoryShare = hungry ? 1.05 + 0.3 * memoryDraw : 0.35 + 0.5 * memoryDraw;
  const cores = taken(askedOf(container, 'cpu'), cpuShare, millicores / 1000, swaying);
  const bytes = taken(askedOf(container, 'memory'), memoryShare, mebibytes * MEBIBYTE, swaying);
  return { name, cpu: Math.round(cores * NANOCORES), memory: Math.round(bytes / KIBIBYTE) };
}

const sum = (all: Iterable<Used>, start: Used): Used => {
  let { cpu, memory } = start;
  for (const each of all) {
    cpu += each.cpu;
    memory += each.memory;
  }
  return { cpu, memory };
};

/** What the machine uses beside its pods: kernel, kubelet, container runtime, Salt minion; more on a larger one. */
const systemUsage = (cores: number, kibibytes: number, swaying: number): Used => ({
  cpu: (0.12 + 0.015 * cores) * NANOCORES * swaying,
  memory: (450 * 1024 + 0.015 * kibibytes) * swaying,
});

/** Pods that run on machines that can be scraped, one after the other. */
const measured = (site: Site, isAlive: (node: string) => boolean, node: string): Pod[] =>
  isAlive(node) ? [...site.index.on(node)].filter(({ status }) => status.phase === 'Running') : [];

function containersOf({ metadata, spec }: Pod, scrape: number): (Used & { name: string })[] {
  const seed = hash(metadata.uid);
  return spec.containers.map((each) => containerUsage(each, seed, scrape));
}

/**
 * What the pods and the machines of a site use, worked out when it is asked for: from who they are and what time it
 * is, so that nothing has to be kept. Machines that are silent, and what runs on them, cannot be measured and are left
 * out.
 */
export function usageOf(
  site: Site,
  isAlive: (node: string) => boolean,
): { nodes: () => Iterable<NodeUsage>; pods: () => Iterable<PodUsage> } {
  const when = (): Measured & { scrape: number } => {
    const scrape = Math.floor(site.clock.now() / SCRAPE_MILLISECONDS);
    return { scrape, at: scrape * SCRAPE_MILLISECONDS, window: WINDOW_SECONDS };
  };
  const ofNode = ({ metadata: { name, uid }, status }: Node, { scrape, at, window }: ReturnType<typeof when>) => {
    const cores = amount(status.capacity?.['cpu'] ?? NONE);
    const kibibytes = amount(status.capacity?.['memory'] ?? NONE) / KIBIBYTE;
    const containers = measured(site, isAlive, name).flatMap((pod) => containersOf(pod, scrape));
    const { cpu, memory } = sum(containers, systemUsage(cores, kibibytes, sway(hash(uid), scrape)));
    return {
      name,
      cpu: Math.round(Math.min(cpu, 0.98 * cores * NANOCORES)),
      memory: Math.round(Math.min(memory, 0.98 * kibibytes)),
      at,
      window,
    };
  };
  return {
    *nodes() {
      const time = when();
      for (const node of site.nodes.all()) {
        if (node.status.capacity && isAlive(node.metadata.name)) yield ofNode(node, time);
      }
    },
    *pods() {
      const { scrape, at, window } = when();
      for (const pod of site.pods.all()) {
        if (pod.status.phase !== 'Running' || !isAlive(pod.spec.nodeName ?? '')) continue;
        yield { pod, containers: containersOf(pod, scrape), at, window };
      }
    },
  };
}
