import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { PodDisruptionBudget } from '../../../source/sandbox/wire.ts';

let clock: ManualClock;
let sandbox: Sandbox;
beforeEach(async () => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, heartbeats: false, churn: false });
});
afterEach(() => sandbox.stop());

describe('budgets', () => {
  const checkout = (): string[] =>
    sandbox.world.pods.all().flatMap(({ metadata: { name } }) => (name.startsWith('checkout-') ? [name] : []));
  const budgets = () => sandbox.world.collection('poddisruptionbudgets');
  const counts = (key: string): number[] => {
    const { status } = budgets().get(key) as PodDisruptionBudget;
    return [status.expectedPods, status.currentHealthy, status.desiredHealthy, status.disruptionsAllowed];
  };

  it('know from the start how many pods may go', () => {
    expect([counts('shop/checkout'), counts('archive/object-store')]).toEqual([
      [3, 3, 2, 1],
      [3, 3, 2, 1],
    ]);
  });

  it('allow none while a pod is away, and one again when it is back', () => {
    const [victim] = checkout();
    sandbox.world.pods.remove(`shop/${victim ?? ''}`);
    clock.advance(500);
    expect(counts('shop/checkout')).toEqual([3, 2, 2, 0]);
    expect(budgets().get('shop/checkout')).toMatchObject({
      status: { conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }] },
    });
    clock.advance(10_000);
    expect(counts('shop/checkout')).toEqual([3, 3, 2, 1]);
  });

  it('count a pod as gone whose eviction was granted, for two minutes', () => {
    const [name = ''] = checkout();
    const at = new Date(clock.now()).toISOString();
    budgets().update('shop/checkout', (object) => {
      const budget = object as PodDisruptionBudget;
      const granted = { ...budget, status: { ...budget.status, disruptedPods: { [name]: at }, disruptionsAllowed: 0 } };
      return granted;
    });
    clock.advance(1000);
    expect(counts('shop/checkout')).toEqual([3, 2, 2, 0]);
    clock.advance(130_000);
    expect(counts('shop/checkout')).toEqual([3, 3, 2, 1]);
  });

  const shares: [spec: PodDisruptionBudget['spec'], counts: number[]][] = [
    [{ minAvailable: '50%' }, [6, 6, 3, 3]],
    [{ maxUnavailable: '25%' }, [6, 6, 4, 2]],
    [{ minAvailable: 9 }, [6, 6, 9, 0]],
    [{ maxUnavailable: 0 }, [6, 6, 6, 0]],
  ];
  it.each(shares)('of %o of six pods', (spec, wanted) => {
    const metadata = { name: 'b', namespace: 'shop', uid: 'b', resourceVersion: '', creationTimestamp: '' };
    const budget = { metadata, spec: { ...spec, selector: { matchLabels: { app: 'frontend' } } }, status: {} };
    budgets().put(budget);
    clock.advance(1000);
    expect(counts('shop/b')).toEqual(wanted);
  });
});
