import { describe, expect, it } from 'vitest';
import { verdictOf, wholeOf } from '../../source/checks/verdict/cluster.ts';
import { judged } from '../../source/checks/verdict/judged.ts';
import { EXIT_OF, healthDocument, healthText } from '../../source/commands/health-answer.ts';
import { exitCode } from '../../source/commands/exit.ts';
import { createStore } from '../../source/state/store.ts';
import { member, NOW, etcdOf, sightOf, silent } from '../checks/verdict/made-sight.ts';
import { call, OBEYED } from './pictured.ts';
import { schemaErrors } from './program.ts';

const { state } = createStore();
const SAFE = verdictOf(sightOf());
const LOST = verdictOf(sightOf({ etcd: etcdOf([member('a'), member('b'), silent('c')]) }));

describe('the verdict for people', () => {
  it('is one line a healthy area, and says what is absent', () => {
    expect(healthText(SAFE, false).split('\n')).toEqual([
      'healthy',
      '  control plane ok 8ms',
      '  etcd 3 of 3, can lose 1',
      '  nodes 4 of 4 ready',
      '  certificates 300d',
      '  backup 6h ago',
      '- alerts: this version does not read Alertmanager',
      '- monitoring: this version does not read Prometheus',
      '- salt: this version does not read Salt',
      '',
    ]);
  });

  it('says what is wrong, with each reason that is not yet told, or all in the wide form', () => {
    expect(healthText(LOST, false)).toContain(
      'AT RISK\n  control plane ok 8ms\nX etcd 2 of 3, can lose 0: c does not answer since 4m\n  nodes',
    );
    expect(healthText(LOST, true)).toContain('\n    X c does not answer since 4m\n');
    const two = judged('nodes', 'nodes 1 of 3', [
      { severity: 'healthy', sentence: 'told' },
      { severity: 'degraded', sentence: 'a lost' },
      { severity: 'degraded', sentence: 'b lost' },
    ]);
    expect(healthText(wholeOf([two]), false)).toBe('degraded\n! nodes 1 of 3: a lost and 1 more\n    ! b lost\n');
    expect(healthText(wholeOf([two]), true)).toContain('      told\n');
  });

  it('holds nothing that a terminal obeys', () => {
    const hostile = judged('nodes', 'nodes', [{ severity: 'degraded', sentence: '\u001b[2J\nx\u202e' }]);
    expect(healthText(wholeOf([hostile]), true)).not.toMatch(OBEYED);
  });
});

describe('the verdict for programs', () => {
  it.each([
    ['safe', SAFE],
    ['at risk', LOST],
    ['of nothing known', verdictOf({ ...sightOf({ nodes: [] }), state })],
  ])('keeps to the schema: %s', (_, verdict) => {
    expect(schemaErrors('health', healthDocument(call, state, verdict))).toEqual([]);
  });

  it('has every area by name, null where it is absent, and every reason with where to look', () => {
    const document = healthDocument(call, state, LOST);
    expect(document).toMatchObject({
      kind: 'Health',
      verdict: 'at-risk',
      areas: {
        etcd: { verdict: 'at-risk', sentence: 'etcd 2 of 3, can lose 0: c does not answer since 4m' },
        salt: { verdict: null, verdictWhy: 'salt: this version does not read Salt' },
      },
    });
    expect(document.reasons).toEqual([
      {
        area: 'etcd',
        severity: 'at-risk',
        sentence: 'c does not answer since 4m',
        since: new Date(NOW - 240_000).toISOString().replace('.000', ''),
        next: { screen: 'etcd', object: 'c' },
      },
    ]);
  });

  it('ends by the verdict', () => {
    const codes = Object.entries(EXIT_OF).map(([verdict, exit]) => [verdict, exitCode(exit)]);
    expect(Object.fromEntries(codes)).toEqual({ healthy: 0, degraded: 1, 'at-risk': 1, unknown: 3 });
  });
});
