import { describe, expect, it } from 'vitest';
import type { HealthDocument } from '../../source/commands/kinds/health.ts';
import { sandboxed } from './sandboxed.ts';

const LOOKED_AT = ['control-plane', 'etcd', 'nodes', 'certificates', 'backup'] as const;

/** What is well at each size: one machine that does everything, masters alone, and a large site. */
describe.each([
  ['standard', 1],
  ['standard', 3],
  ['standard', 100],
  ['compact-1', undefined],
  ['compact-3', undefined],
])('%s of %s nodes', (scene, nodes) => {
  const here = sandboxed({ scene, heartbeats: true, ...(nodes !== undefined && { nodes }) });

  it('is healthy in every area', async () => {
    const { code, document } = await here.json('health');
    const { areas, reasons } = document as HealthDocument;
    // Certificates at addresses that no tunnel leads to are told, and lead nowhere.
    const wrong = reasons
      .filter(({ severity, next }) => severity !== 'healthy' && next !== null)
      .map(({ sentence }) => sentence);
    expect({ code, wrong }).toEqual({ code: 0, wrong: [] });
    expect(LOOKED_AT.map((area) => [area, areas[area].verdict])).toEqual(LOOKED_AT.map((area) => [area, 'healthy']));
  });
});

describe('a cluster in which no member of etcd is seen', () => {
  const here = sandboxed({ nodes: 0, heartbeats: true });

  it('is not known to be well, nor to be ill by that', async () => {
    const { areas } = (await here.json('health')).document as HealthDocument;
    expect(areas.etcd).toMatchObject({ verdict: 'unknown' });
    expect(areas.nodes).toMatchObject({ verdict: 'unknown' });
  });
});
