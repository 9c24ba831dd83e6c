import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { createStore } from '../../source/state/store.ts';
import { figures, LOST, MINUTE, SECOND, silent, T, tellsFigures, tellsHealth } from './etcd-made.ts';

const HOUR = 60 * MINUTE;

const figuresOf = (node: string, at: number): ClusterEvent => ({
  type: 'answer',
  at,
  question: 'etcdFigures',
  answer: { node, source: 'pod proxy', figures: figures('node-1') },
});

describe('what is kept of answers', () => {
  test('an hour of samples of a member, 15 s apart, however often it is asked and however long', () => {
    const store = createStore();
    for (let at = T; at <= T + 3 * HOUR; at += 5 * SECOND) store.dispatch(tellsFigures('node-1', at));
    const samples = store.state.etcdSamples.get('node-1') ?? [];
    expect(samples).toHaveLength(240);
    expect(samples.at(-1)?.at).toBe(T + 3 * HOUR);
    expect(new Set(samples.slice(1).map(({ at }, index) => at - (samples[index]?.at ?? NaN)))).toEqual(
      new Set([15_000]),
    );
  });

  test('the last answer beside why there is none now, since when and when last', () => {
    const store = createStore([tellsFigures('node-1', T)]);
    for (const at of [T + 5 * SECOND, T + 10 * SECOND]) for (const event of silent('node-1', at)) store.dispatch(event);
    const { answer, failure } = store.state.asked.etcdFigures.get('node-1') ?? {};
    expect(answer?.at).toBe(T);
    expect(failure).toEqual({ since: T + 5 * SECOND, at: T + 10 * SECOND, failure: LOST });
    store.dispatch(tellsHealth('node-1', T + 15 * SECOND));
    expect(store.state.asked.etcdHealth.get('node-1')?.failure).toBeNull();
  });

  test('of those who are asked the last ones alone, when nodes and addresses are ever others', () => {
    const store = createStore([tellsFigures('node-1', T)]);
    for (let count = 1; count <= 1_000; count += 1) {
      const at = T + count * SECOND;
      store.dispatch(figuresOf(`gone-${count}`, at));
      store.dispatch(tellsFigures('node-1', at));
      store.dispatch({
        type: 'no-answer',
        at,
        question: 'apiServer',
        about: `https://192.0.2.${count}`,
        failure: LOST,
      });
    }
    const { asked, etcdSamples } = store.state;
    expect([asked.etcdFigures.size, etcdSamples.size, asked.apiServer.size]).toEqual([32, 32, 32]);
    expect([...etcdSamples.keys()].toSorted()).toEqual([...asked.etcdFigures.keys()].toSorted());
    expect(asked.etcdFigures.has('node-1')).toBe(true);
    expect(asked.etcdFigures.has('gone-1000')).toBe(true);
    expect(asked.apiServer.has('https://192.0.2.1000')).toBe(true);
  });
});
