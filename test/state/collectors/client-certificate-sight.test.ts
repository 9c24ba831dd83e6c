import { describe, expect, test } from 'vitest';
import { createClientCertificateSight } from '../../../source/state/collectors/client-certificate-sight.ts';

const WHERE = 'https://192.0.2.1:6443';
const count = (counts: readonly number[], where = WHERE) => ({
  where,
  histogram: { bounds: [0, 100, 200, Infinity], counts },
});

describe('the client certificates of requests', () => {
  test.each<[string, readonly number[], { requests: number; atLeast: number | null; below: number | null }]>([
    ['none came', [0, 0, 0, 0], { requests: 0, atLeast: null, below: null }],
    ['all held longer than is counted', [0, 0, 0, 5], { requests: 5, atLeast: 200, below: null }],
    ['the shortest lies between two bounds', [0, 0, 2, 5], { requests: 5, atLeast: 100, below: 200 }],
    ['one had ended', [1, 1, 2, 5], { requests: 5, atLeast: 0, below: 0 }],
  ])('at the first look, %s: what held shortest may be gone since', (_, counts, told) => {
    expect(createClientCertificateSight()(count(counts), 1_000)).toEqual({
      where: WHERE,
      since: null,
      ...told,
    });
  });

  test.each<
    [
      string,
      readonly number[],
      { since: number | null; requests: number; atLeast: number | null; below: number | null },
    ]
  >([
    ['nothing more came', [0, 1, 2, 5], { since: 1_000, requests: 0, atLeast: null, below: null }],
    ['what came held longer', [0, 1, 3, 7], { since: 1_000, requests: 2, atLeast: 100, below: 200 }],
    ['what came held longer than is counted', [0, 1, 2, 9], { since: 1_000, requests: 4, atLeast: 200, below: null }],
    ['the server began anew', [0, 0, 1, 1], { since: null, requests: 1, atLeast: 100, below: 200 }],
  ])('at the next, %s', (_, counts, told) => {
    const sight = createClientCertificateSight();
    sight(count([0, 1, 2, 5]), 1_000);
    expect(sight(count(counts), 2_000)).toEqual({ where: WHERE, ...told });
  });

  test('another server has counted others', () => {
    const sight = createClientCertificateSight();
    sight(count([0, 1, 2, 5]), 1_000);
    expect(sight(count([0, 1, 3, 9], 'https://192.0.2.2:6443'), 2_000)).toMatchObject({ since: null, requests: 9 });
    expect(sight(count([0, 1, 3, 9], 'https://192.0.2.2:6443'), 3_000)).toMatchObject({ since: 2_000, requests: 0 });
  });
});
