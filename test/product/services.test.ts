import { describe, expect, test } from 'vitest';
import { SERVICES, STATIC_PODS } from '../../source/product/services.ts';

describe('the services of the product', () => {
  test('are those of its sanity checks, each once', () => {
    const names = SERVICES.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(SERVICES.map(({ kind }) => kind).filter((kind) => kind === 'Deployment')).toHaveLength(14);
    expect(SERVICES.map(({ kind }) => kind).filter((kind) => kind === 'DaemonSet')).toHaveLength(6);
    expect(SERVICES.map(({ kind }) => kind).filter((kind) => kind === 'StatefulSet')).toHaveLength(3);
  });

  test('say what is lost without them, as the rest of a sentence', () => {
    for (const { title, without } of [...SERVICES, ...STATIC_PODS])
      expect([title, without]).toEqual([title, expect.stringMatching(/^[A-Za-z][^;:]+[^.]$/)]);
  });
});
