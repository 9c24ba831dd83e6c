// The judge's own reading of `kubectl describe node`.
import { expect, test } from 'vitest';
import { parseAmount, parseDescription, parseTable } from './kubectl.ts';

test.each([
  ['0', 0n],
  ['250m', 250_000_000n],
  ['3', 3_000_000_000n],
  ['125u', 125_000n],
  ['7n', 7n],
  ['129e6', 129_000_000_000_000_000n],
  ['50e-3', 50_000_000n],
  ['64Mi', 67_108_864_000_000_000n],
  ['1k', 1_000_000_000_000n],
  ['-1', -1_000_000_000n],
  ['+3', 3_000_000_000n],
  ['1.', 1_000_000_000n],
  ['.25', 250_000_000n],
  ['1.5Gi', 1_610_612_736_000_000_000n],
  ['1E2', 100_000_000_000n],
  ['2E', 2_000_000_000_000_000_000_000_000_000n],
])('%s', (text, amount) => expect(parseAmount(text)).toBe(amount));

test.each(['', '.', 'Mi', '1Zi', '1e', '1.2.3', '<none>'])('"%s" is refused', (text) =>
  expect(() => parseAmount(text)).toThrow('is no quantity'),
);

test('what is finer than a billionth is refused', () => expect(() => parseAmount('0.5n')).toThrow('finer'));

const DESCRIPTION = `Name:               worker-1
Roles:              node
Non-terminated Pods:          (2 in total)
  Namespace                   Name                  CPU Requests  CPU Limits  Memory Requests  Memory Limits  AGE
  ---------                   ----                  ------------  ----------  ---------------  -------------  ---
  kube-system                 calico-node-x2x2x     250m (6%)     0 (0%)      0 (0%)           0 (0%)         3d
  tenant-a                    app-7-0               1 (25%)       2 (50%)     129e6 (1%)       1Gi (13%)      2m
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests     Limits
  --------           --------     ------
  cpu                1250m (31%)  2 (50%)
  memory             129e6 (1%)   1Gi (13%)
  ephemeral-storage  0 (0%)       0 (0%)
Events:              <none>
`;

test('tables become numbers', () => {
  const { name, pods, allocated, shares } = parseDescription(DESCRIPTION);
  expect(name).toBe('worker-1');
  expect(pods.map((pod) => [pod.namespace, pod.name, pod.cpuRequests, pod.memoryLimits])).toEqual([
    ['kube-system', 'calico-node-x2x2x', 250_000_000n, 0n],
    ['tenant-a', 'app-7-0', 1_000_000_000n, 1_073_741_824_000_000_000n],
  ]);
  expect([...allocated.keys()]).toEqual(['cpu', 'memory', 'ephemeral-storage']);
  expect(allocated.get('cpu')).toEqual({ requests: 1_250_000_000n, limits: 2_000_000_000n });
  expect(shares.get('cpu')).toEqual({ requests: '31%', limits: '50%' });
});

test('cells of a table may be empty or hold blanks', () => {
  const text =
    'NAME   VERSION   OS-IMAGE          LAST SEEN\na      v1.29.8   Rocky Linux 8.1   3m\nb                <unknown>\n';
  expect(parseTable(text)).toEqual([
    { NAME: 'a', VERSION: 'v1.29.8', 'OS-IMAGE': 'Rocky Linux 8.1', 'LAST SEEN': '3m' },
    { NAME: 'b', VERSION: '', 'OS-IMAGE': '<unknown>', 'LAST SEEN': '' },
  ]);
});

test('a node without pods has an empty table', () => {
  const text = DESCRIPTION.replace(/^ {2}(kube-system|tenant-a).*\n/gm, '');
  expect(parseDescription(text).pods).toEqual([]);
});

test('what is no description is refused', () => {
  expect(() => parseDescription('error: no')).toThrow('no description of a node');
});
