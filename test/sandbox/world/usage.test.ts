import { afterEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import { PodIndex } from '../../../source/sandbox/world/pod-index.ts';
import { amount } from '../../../source/sandbox/world/quantity.ts';
import type { Site } from '../../../source/sandbox/world/site.ts';
import { usageOf, type NodeUsage } from '../../../source/sandbox/world/usage.ts';

let clock: ManualClock;
let sandbox: Sandbox;
const begin = async (scene = 'standard'): Promise<void> => {
  clock = manualClock();
  sandbox = await startSandbox({ scene, clock, heartbeats: false, churn: false });
};
afterEach(() => sandbox.stop());

const nodes = (): NodeUsage[] => [...sandbox.world.nodeUsage()];
const share = (values: readonly boolean[]): number => values.filter(Boolean).length / values.length;

describe('usage', () => {
  it('of a machine is that of its pods and of what runs beside them, and never more than it has', async () => {
    await begin();
    for (let hour = 0; hour < 24; hour += 1) {
      clock.advance(3_600_000);
      const pods = [...sandbox.world.podUsage()];
      for (const { name, cpu, memory } of nodes()) {
        const own = pods.filter(({ pod }) => pod.spec.nodeName === name).flatMap(({ containers }) => containers);
        const { capacity = {} } = sandbox.world.nodes.get(name)?.status ?? {};
        for (const [total, resource, unit] of [
          [cpu, 'cpu', 1e-9],
          [memory, 'memory', 1024],
        ] as const) {
          const sum = own.reduce((all, each) => all + each[resource], 0);
          expect(total).toBeGreaterThan(sum);
          expect(total * unit).toBeLessThan(amount(capacity[resource] ?? '0'));
          expect(Number.isInteger(total)).toBe(true);
        }
      }
    }
  });

  it('of most pods is below what they ask for, of some above, and of none above its limit', async () => {
    await begin();
    const asking = [...sandbox.world.podUsage()].flatMap(({ pod, containers }) =>
      containers.flatMap(({ name, memory }) => {
        const { requests, limits } = pod.spec.containers.find((each) => each.name === name)?.resources ?? {};
        if (requests?.['memory'] === undefined) return [];
        const limit = limits?.['memory'] === undefined ? Infinity : amount(limits['memory']);
        expect(memory * 1024).toBeLessThanOrEqual(limit);
        return [memory * 1024 > amount(requests['memory'])];
      }),
    );
    expect(asking.length).toBeGreaterThan(30);
    expect(share(asking)).toBeLessThan(0.2);
  });

  it('moves a little from one measurement to the next, and is the same as long as there is none', async () => {
    await begin();
    const before = nodes();
    expect(nodes()).toEqual(before);
    clock.advance(30_000);
    const after = nodes();
    for (const [index, { name, cpu, memory, at, window }] of after.entries()) {
      const former = before[index];
      expect(former?.name).toBe(name);
      expect(at - (former?.at ?? Infinity)).toBe(30_000);
      expect(window).toBe(180);
      expect(cpu).not.toBe(former?.cpu);
      expect(Math.abs(cpu / (former?.cpu ?? Infinity) - 1)).toBeLessThan(0.2);
      expect(Math.abs(memory / (former?.memory ?? Infinity) - 1)).toBeLessThan(0.2);
    }
  });

  it('follows the pods that come to a node and go from it, at once', async () => {
    await begin();
    const of = (name: string): number => nodes().find((node) => node.name === name)?.memory ?? NaN;
    const before = of('par1-worker-1');
    const [measured] = Array.from(sandbox.world.podUsage()).filter(({ pod }) => pod.spec.nodeName === 'par1-worker-1');
    if (!measured) throw new Error('nothing runs on par1-worker-1');
    const own = measured.containers.reduce((sum, { memory }) => sum + memory, 0);
    const key = `${measured.pod.metadata.namespace ?? ''}/${measured.pod.metadata.name}`;
    sandbox.world.pods.update(key, (pod) => ({ ...pod, status: { ...pod.status, phase: 'Succeeded' } }));
    expect(of('par1-worker-1')).toBe(before - own);
    sandbox.world.pods.put(measured.pod);
    expect(of('par1-worker-1')).toBe(before);
    sandbox.world.pods.remove(key);
    expect(of('par1-worker-1')).toBe(before - own);
  });

  it('looks at the pods of a node once, and again when one of them changes', async () => {
    await begin();
    const { world } = sandbox;
    const index = new PodIndex(world.pods);
    const looks: string[] = [];
    const counting = {
      on(node: string) {
        looks.push(node);
        return index.on(node);
      },
    };
    const site = { clock, nodes: world.nodes, pods: world.pods, index: counting } as unknown as Site;
    const usage = usageOf(site, () => true);
    const first = [...usage.nodes()];
    expect(looks).toEqual(first.map(({ name }) => name));
    clock.advance(30_000);
    looks.length = 0;
    expect([...usage.nodes()]).not.toEqual(first);
    expect(looks).toEqual([]);
    const [pod] = [...index.on('par1-worker-1')];
    if (pod) world.pods.put(pod);
    expect([...usage.nodes()]).toEqual(nodes());
    expect(looks).toEqual(['par1-worker-1']);
  });

  it('is the same for the same seed', async () => {
    await begin();
    const first = nodes();
    await sandbox.stop();
    await begin();
    expect(nodes()).toEqual(first);
  });

  it('is not known of a machine that is silent, nor of its pods, nor of a node without a machine', async () => {
    await begin();
    sandbox.world.silence('par1-worker-1');
    sandbox.world.nodes.remove('par1-worker-2');
    expect(nodes().map(({ name }) => name)).toEqual([
      'par1-bootstrap',
      'par1-control-1',
      'par1-control-2',
      'par1-worker-3',
    ]);
    const homes = new Set(Array.from(sandbox.world.podUsage(), ({ pod }) => pod.spec.nodeName));
    expect(homes.has('par1-worker-1')).toBe(false);
    expect(homes.has('par1-worker-3')).toBe(true);
  });
});
