// The reading of the scheduler's messages: a phrase that nobody knows must not pass for agreement.
import { expect, test } from 'vitest';
import { reasonsIn, reasonWords } from './phrases.ts';

test('every reason is read, with its number of nodes', () => {
  const message =
    "0/9 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 2 node(s) had taint {dedicated: database}, that the pod didn't tolerate, 3 node(s) had taint {node-role.kubernetes.io/infra: }, that the pod didn't tolerate, 3 node(s) were unschedulable.";
  expect(reasonWords(reasonsIn(message))).toEqual([
    '1 short cpu',
    '1 short memory',
    '2 taint dedicated=database',
    '3 cordoned',
    '3 taint node-role.kubernetes.io/infra=',
  ]);
});

test.each([
  '0/1 nodes are available: 1 node(s) had something new.',
  '0/1 nodes are available: node(s) were unschedulable.',
  'no nodes available to schedule pods',
])('%s is refused', (message) => {
  expect(() => reasonsIn(message)).toThrow(message.slice(-20, -1));
});
