import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { Node, Pod } from '../../../source/sandbox/wire.ts';
import type { Change } from '../../../source/sandbox/world/store.ts';

const SECOND = 1000;

let clock: ManualClock;
let sandbox: Sandbox;
let nodes: Change<Node>[];
let pods: Change<Pod>[];

const begin = async (options: { load?: number; scene?: string } = {}): Promise<void> => {
  clock = manualClock();
  sandbox = await startSandbox({ nodes: 20, pods: 600, clock, churn: false, heartbeats: false, ...options });
  [nodes, pods] = [[], []];
  sandbox.world.nodes.subscribe((change) => nodes.push(change));
  sandbox.world.pods.subscribe((change) => pods.push(change));
};
afterEach(() => sandbox.stop());

const told = (): number => nodes.length + pods.length;
const restarts = (pod: Pod | null): number =>
  pod?.status.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0) ?? NaN;
const isReady = (pod: Pod | null): boolean | undefined =>
  pod?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');

describe('a site under load', () => {
  beforeEach(() => begin({ load: 200 }));

  it('changes as often as it is told to, spread over each second', () => {
    clock.advance(5 * SECOND);
    const begun = told();
    clock.advance(20 * SECOND);
    expect((told() - begun) / 20).toBeGreaterThan(180);
    expect((told() - begun) / 20).toBeLessThan(220);
    const times = new Set([...nodes, ...pods].map(({ at }) => at));
    expect(times.size).toBeGreaterThan(25 * 40);
  });

  it('reports nodes, restarts containers, turns readiness, and lets pods go and come', () => {
    clock.advance(20 * SECOND);
    const modified = pods.filter(({ type }) => type === 'MODIFIED');
    expect(nodes.length).toBeGreaterThan(told() / 5);
    expect(nodes.every(({ type, object }) => type === 'MODIFIED' && object.status.conditions?.length === 5)).toBe(true);
    for (const kind of [
      modified.filter(({ object, previous }) => restarts(object) > restarts(previous)),
      modified.filter(({ object, previous }) => isReady(object) !== isReady(previous)),
      pods.filter(({ type }) => type === 'ADDED'),
      pods.filter(({ type }) => type === 'DELETED'),
    ]) {
      expect(kind.length).toBeGreaterThan(told() / 50);
    }
  });

  it('keeps as many pods as there were, on the nodes they were on', () => {
    const on = (): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { metadata, spec, status } of sandbox.world.pods.values()) {
        if (metadata.deletionTimestamp !== undefined || status.phase !== 'Running') continue;
        const { nodeName = 'nowhere' } = spec;
        counts[nodeName] = (counts[nodeName] ?? 0) + 1;
      }
      return counts;
    };
    const before = on();
    clock.advance(10 * SECOND);
    sandbox.world.load.run(0);
    clock.advance(10 * SECOND);
    expect(on()).toEqual(before);
  });

  it('rests once it is told to', () => {
    clock.advance(SECOND);
    sandbox.world.load.run(0);
    clock.advance(10 * SECOND);
    const rested = told();
    clock.advance(60 * SECOND);
    expect(told()).toBe(rested);
    sandbox.world.load.run(100);
    clock.advance(SECOND);
    expect(told()).toBeGreaterThan(rested + 50);
  });

  it('is the same for the same seed', async () => {
    clock.advance(3 * SECOND);
    const first = pods.map(({ type, key }) => `${type} ${key}`);
    await sandbox.stop();
    await begin({ load: 200 });
    clock.advance(3 * SECOND);
    expect(pods.map(({ type, key }) => `${type} ${key}`)).toEqual(first);
  });
});

it('bursts on request', async () => {
  await begin();
  clock.advance(60 * SECOND);
  expect(told()).toBe(0);
  sandbox.world.load.burst(1000);
  const atOnce = told();
  expect(atOnce).toBeGreaterThan(700);
  clock.advance(10 * SECOND);
  expect(told()).toBeGreaterThan(900);
  expect(told()).toBeLessThan(1200);
});

it('does nothing on a site without nodes, and wakes no machine that is silent', async () => {
  await begin();
  for (const name of sandbox.world.nodes.keys()) sandbox.world.silence(name);
  sandbox.world.load.run(100);
  clock.advance(5 * SECOND);
  expect(told()).toBe(0);
});
