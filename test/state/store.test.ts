import { describe, expect, it } from 'vitest';
import { createStore } from '../../source/state/store.ts';

const HEARD = { type: 'heard', at: 1, resource: 'nodes' } as const;

describe('the store', () => {
  it('tells each listener once an event, after the picture has changed', () => {
    const store = createStore();
    const seen: (number | null)[] = [];
    const stop = store.subscribe(() => seen.push(store.state.resources.nodes.heardAt));
    store.dispatch(HEARD);
    stop();
    store.dispatch({ ...HEARD, at: 2 });
    expect(seen).toEqual([1]);
  });

  it('keeps subscriptions of the same function apart, and bears one that ends another while being told', () => {
    const store = createStore();
    let told = 0;
    const listener = () => void (told += 1);
    const stopOne = store.subscribe(listener);
    const stopOther = store.subscribe(listener);
    store.subscribe(stopOne);
    store.dispatch(HEARD);
    store.dispatch(HEARD);
    stopOther();
    store.dispatch(HEARD);
    expect(told).toBe(3);
  });
});
