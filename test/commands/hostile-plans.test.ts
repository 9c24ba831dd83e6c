import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planText, resultText } from '../../source/commands/plan-text.ts';
import { LinkFailure } from '../../source/links/kubernetes/failure.ts';
import type { EtcdRequest } from '../../source/operations/operation.ts';
import { hostileText, OBEYED } from '../hostile-text.ts';
import { FakeEtcd, planOf, runOn } from '../operations/etcd/fake-etcd.ts';
import { expectHarmless } from './hostile.ts';

/** What is asked of etcd, and how much of it comes about in a cluster that gives everything the same name. */
const REQUESTS: readonly (readonly [EtcdRequest, alarm: boolean])[] = [
  [{ kind: 'defragment', members: [] }, false],
  [{ kind: 'defragment', members: [] }, true],
  [{ kind: 'disarm' }, true],
  [{ kind: 'move-leader', to: null }, false],
];

/** Members whose names are the text, the second of which fails for a reason that is the text, and alarms of that name. */
function hostileEtcd(text: string, raised: boolean): FakeEtcd {
  const etcd = new FakeEtcd(3);
  for (const member of etcd.members) member.name = text;
  if (raised) etcd.alarms = ['NOSPACE', text].map((kind) => ({ member: 'a001', kind }));
  return etcd;
}

/** The same commands, refused in the words of the text. */
const refusing = (etcd: FakeEtcd, text: string) => {
  const refuse = () =>
    Promise.reject(new LinkFailure({ kind: 'server', message: `Cannot: ${text}`, detail: text, sent: true }));
  return { reader: etcd.reader, writer: { compact: refuse, defragment: refuse, disarm: refuse, moveLeader: refuse } };
};

const sayings = async (text: string, request: EtcdRequest, raised: boolean): Promise<string> => {
  const etcd = hostileEtcd(text, raised);
  const plan = await planOf(etcd, request);
  const isRefused = plan.guards.some(({ state }) => state === 'refused');
  const results = isRefused ? [] : await runOn(refusing(etcd, text), plan);
  return (
    planText(plan) + results.map((result) => resultText({ ...result, state: 'ended', result, took: null })).join('')
  );
};

test.each(REQUESTS)(
  'what etcd says reaches a terminal harmlessly in the plan of %j, alarms: %j',
  async (request, raised) => {
    const plain = await sayings('xharmless', request, raised);
    expect(plain).toContain('xharmless');
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const stdout = await sayings(text, request, raised);
        expectHarmless({ code: 0, stdout, stderr: '' });
        expect(stdout.split('\n')).toHaveLength(plain.split('\n').length);
      }),
      { numRuns: 20, examples: [[`x${OBEYED.join('')}`]] },
    );
  },
);
