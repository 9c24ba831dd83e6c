import { describe, expect, it } from 'vitest';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { isUnanswered, refusedGuard } from '../../../source/operations/plan.ts';
import { planText } from '../../../source/commands/plan-text.ts';
import type { EtcdRequest } from '../../../source/operations/operation.ts';
import { FakeEtcd, MEBIBYTE, planOf } from './fake-etcd.ts';

const DEFRAGMENT: EtcdRequest = { kind: 'defragment', members: [] };
const DISARM: EtcdRequest = { kind: 'disarm' };
const MOVE: EtcdRequest = { kind: 'move-leader', to: null };

type Make = (etcd: FakeEtcd) => void;
const sick: Make = (etcd) => (etcd.at('m-2').healthy = false);
const leaderless: Make = (etcd) => (etcd.leader = null);
const alarm =
  (kind: string): Make =>
  (etcd) =>
    (etcd.alarms = [{ member: etcd.members[1]?.id ?? '', kind }]);
const raise =
  (member: string | null, kind: string): Make =>
  (etcd) =>
    (etcd.alarms = [...etcd.alarms, { member, kind }]);
const full = raise('a000', 'NOSPACE');
const unnamed = raise(null, 'CORRUPT');
const removed = raise('dead', 'CORRUPT');
const saysCorrupt: Make = (etcd) =>
  Object.assign(etcd.reader, { health: () => Promise.resolve({ healthy: false, reason: 'ALARM CORRUPT' }) });
const unstarted: Make = (etcd) =>
  etcd.members.push({ ...etcd.at('m-1'), id: 'b000', name: '', node: 'nowhere', healthy: false });

const made = (size: number, ...makes: readonly Make[]): FakeEtcd => {
  const etcd = new FakeEtcd(size);
  for (const make of makes) make(etcd);
  return etcd;
};

describe('guards', () => {
  it.each<[string, EtcdRequest, readonly Make[], RegExp | null]>([
    ['all is well', DEFRAGMENT, [], null],
    [
      'a member is not healthy',
      DEFRAGMENT,
      [sick],
      /not all are: m-2 \(m-2 gave no answer\)\. 2 of 3 take part and 2 are/,
    ],
    ['there is no leader', DEFRAGMENT, [leaderless], /no leader now/],
    ['a member is out of space', DEFRAGMENT, [alarm('NOSPACE')], /^m-2 raised the alarm NOSPACE: disarm it instead/],
    ['data differ', DEFRAGMENT, [alarm('CORRUPT')], /^The data of m-2 differ/],
    ['nobody says whose data differ', DEFRAGMENT, [unnamed], /etcd does not say whose: .* hashkv --cluster/],
    ['a member never started', DEFRAGMENT, [unstarted], /^No node is known that runs b000: start it/],
    [
      'the only one asked for is a learner',
      { kind: 'defragment', members: ['m-2'] },
      [(etcd) => (etcd.at('m-2').isLearner = true)],
      /^m-2 is a learner, which takes no command but for the status: promote first\.$/,
    ],
    ['a member is out of space', DISARM, [alarm('NOSPACE')], null],
    ['a member is not healthy', DISARM, [alarm('NOSPACE'), sick], /not all are: m-2/],
    ['data differ', DISARM, [alarm('CORRUPT')], /^The data of m-2 differ/],
    ['data differ besides', DISARM, [full, unnamed], /^The data of a member differ .* etcd does not say whose/],
    ['only the health of members tells that data differ', DISARM, [full, saysCorrupt], /etcd does not say whose/],
    ['the data of a member differed that was removed', DISARM, [removed], null],
    ['a member is out of space and one was removed that was corrupt', DISARM, [full, removed], null],
    ['data differ', MOVE, [alarm('CORRUPT')], /^The data of m-2 differ/],
    ['all is well', MOVE, [], null],
    ['a follower is not healthy', MOVE, [sick], null],
    [
      'the one that is named is not healthy',
      { kind: 'move-leader', to: 'm-2' },
      [sick],
      /^The new leader has to be healthy/,
    ],
    [
      'it is a learner',
      { kind: 'move-leader', to: 'm-2' },
      [(etcd) => (etcd.at('m-2').isLearner = true)],
      /cannot lead/,
    ],
    ['there is no leader', MOVE, [leaderless], /no leader now/],
  ])('%s: %o', async (_, request, makes, refused) => {
    const { guards } = await planOf(made(3, ...makes), request);
    const sentences = guards.filter(({ state }) => state === 'refused').map(({ sentence }) => sentence);
    if (refused === null) expect(sentences).toEqual([]);
    else expect(sentences).toEqual(expect.arrayContaining([expect.stringMatching(refused) as string]));
    expect(guards.every(({ sentence }) => sentence.endsWith('.'))).toBe(true);
  });

  it('say once which right is missing to ask the members how they are', async () => {
    const etcd = made(3);
    const why = 'this user has no right to get pods/proxy';
    const reader = {
      ...etcd.reader,
      figures: () => Promise.reject(new LinkFailure({ kind: 'forbidden', message: why, sent: true })),
    };
    const plan = await planOf(Object.assign(etcd, { reader }), DEFRAGMENT);
    expect(refusedGuard(plan)?.sentence).toBe(`The members of etcd cannot be asked: ${why}`);
    expect(isUnanswered(plan)).toBe(true);
  });

  it('refuse everything when no member answers, and when the session writes nothing', async () => {
    const dark = made(3, ({ members }) => members.forEach((member) => (member.healthy = false)));
    expect(await planOf(dark, DEFRAGMENT)).toMatchObject({
      steps: [],
      guards: [
        { state: 'passed' },
        { state: 'refused', sentence: 'The members of etcd cannot be asked: No member answers.' },
      ],
    });
    expect((await planOf(made(3), DEFRAGMENT, 'Read-only.')).guards[0]).toMatchObject({ state: 'refused' });
    expect((await planOf(new FakeEtcd(0), DEFRAGMENT)).guards.at(-1)?.sentence).toBe(
      'No node is known that runs etcd.',
    );
  });
});

describe('a plan', () => {
  it.each<[size: number, severity: string, says: RegExp, confirmation: string | null]>([
    [1, 'warning', /Nothing could be written: 0 of 1 take part and 1 are needed|It is the only voter/, 'par1'],
    [2, 'warning', /Nothing could be written: 1 of 2 take part and 2 are needed/, 'par1'],
    [3, 'warning', /2 of 3 take part and 2 are needed .* none of them may fail/, null],
    [5, 'note', /4 of 5 take part and 3 are needed .* 1 of them may fail/, null],
  ])(
    'of %i members tells the arithmetic of the quorum, and asks for a name where it is lost',
    async (size, ...wanted) => {
      const { effects, confirmation } = await planOf(new FakeEtcd(size), DEFRAGMENT);
      const told = effects.find(({ sentence }) => sentence.startsWith('One member after the other'));
      const [severity, says, name] = wanted;
      expect([told?.severity, told?.sentence, confirmation]).toEqual([
        severity,
        expect.stringMatching(says) as string,
        name,
      ]);
    },
  );

  it('takes members by name, id or node, each once, and refuses one that is not there', async () => {
    const etcd = new FakeEtcd(3);
    etcd.at('m-3').name = 'third';
    const { steps } = await planOf(etcd, { kind: 'defragment', members: ['third', 'm-3', etcd.at('m-1').id] });
    expect(steps.map(({ node }) => node)).toEqual(['m-3', 'm-1']);
    await expect(planOf(etcd, { kind: 'defragment', members: ['m-4'] })).rejects.toThrow(
      'etcd has no member "m-4"; it has m-1, m-2 and third.',
    );
  });

  it('is what is sent: the lines name the pod, the certificate and the command', async () => {
    const etcd = made(3, alarm('NOSPACE'));
    expect((await planOf(etcd, DISARM)).commands.map((line) => line.replace(/etcdctl .*\.key /, '… '))).toEqual([
      'kubectl exec -n kube-system etcd-m-1 -- … --command-timeout=10m compact --physical 1000',
      'kubectl exec -n kube-system etcd-m-2 -- … --command-timeout=10m defrag',
      'kubectl exec -n kube-system etcd-m-2 -- … endpoint status --cluster -w table',
      'kubectl exec -n kube-system etcd-m-3 -- … --command-timeout=10m defrag',
      'kubectl exec -n kube-system etcd-m-3 -- … endpoint status --cluster -w table',
      'kubectl exec -n kube-system etcd-m-1 -- … --command-timeout=10m defrag',
      'kubectl exec -n kube-system etcd-m-1 -- … endpoint status --cluster -w table',
      'kubectl exec -n kube-system etcd-m-1 -- … alarm disarm',
    ]);
  });

  it('tells of one member one line, and of each kind what becomes of it that cannot be taken back', async () => {
    const etcd = made(3, alarm('NOSPACE'));
    expect((await planOf(new FakeEtcd(3), { kind: 'defragment', members: ['m-2'] })).commands).toHaveLength(1);
    const told = async (of: FakeEtcd, request: EtcdRequest) =>
      (await planOf(of, request)).effects.map(({ sentence }) => sentence).join(' ');
    expect(await told(new FakeEtcd(3), DEFRAGMENT)).toContain('there is nothing to take back');
    expect(await told(new FakeEtcd(3), MOVE)).toContain('Undo does not take it back');
    expect(await told(etcd, DISARM)).toMatch(/forgotten and does not come back.*410 Gone/);
  });

  it('says of members that are out of space that they take part all the same', async () => {
    const { guards } = await planOf(made(3, alarm('NOSPACE')), DISARM);
    expect(guards.at(-1)?.sentence).toBe('All members take part, though an alarm is raised: 3 vote and 2 are needed.');
  });

  it('warns where most of the quota stays in use', async () => {
    const etcd = made(3, alarm('NOSPACE'), (etcd) => (etcd.quota = 45 * MEBIBYTE));
    const { effects } = await planOf(etcd, DISARM);
    expect(effects.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([expect.stringContaining('Much of the quota is in use on m-1 (40Mi of 45Mi)') as string]),
    );
  });

  it('warns where no file has anything to give back', async () => {
    const etcd = made(3, ({ members }) => members.forEach((member) => (member.size = member.inUse)));
    const { effects } = await planOf(etcd, DEFRAGMENT);
    expect(effects).toContainEqual({
      severity: 'warning',
      sentence: expect.stringMatching(/^Nothing is gained on m-1, m-2 and m-3: /) as string,
    });
  });

  it('tells what the members give back that are asked for, and who of them nothing', async () => {
    const etcd = made(3, (etcd) => (etcd.at('m-2').size = etcd.at('m-2').inUse));
    const told = async (...members: string[]) =>
      (await planOf(etcd, { kind: 'defragment', members })).effects.filter(({ sentence }) =>
        sentence.includes('inside'),
      );
    const nothing = {
      severity: 'warning',
      sentence: 'Nothing is gained on m-2: nothing is free inside the file to give back.',
    };
    const something = { severity: 'note', sentence: 'A file has up to 40Mi free inside to give back.' };
    expect(await told('m-2')).toEqual([nothing]);
    expect(await told('m-3')).toEqual([something]);
    expect(await told()).toEqual([nothing, something]);
  });

  it('disarms what is left of a removed member at once, once the name of the cluster is typed', async () => {
    const { steps, effects, confirmation } = await planOf(made(3, removed), DISARM);
    expect(steps).toMatchObject([{ task: 'disarm', does: 'disarm CORRUPT of dead' }]);
    expect(steps).toHaveLength(1);
    expect(effects.map(({ severity, sentence }) => [severity, sentence.includes('hashkv')])).toEqual([
      ['warning', true],
    ]);
    expect(confirmation).toBe('par1');
    const both = await planOf(made(3, full, removed), DISARM);
    expect(both.steps.map(({ task }) => task)).toEqual(['compact', ...[1, 2, 3].map(() => 'defragment'), 'disarm']);
    expect(both.confirmation).toBe('par1');
  });

  it('says of a figure that was not told that it was not', async () => {
    const etcd = new FakeEtcd(3);
    const { figures } = etcd.reader;
    const reader = { ...etcd.reader, figures: () => figures('nowhere') };
    const { steps, effects } = await planOf(Object.assign(etcd, { reader }), DEFRAGMENT);
    expect(steps[0]).toMatchObject({
      does: expect.stringContaining('how large its file is could not be read') as string,
    });
    expect(effects.some(({ sentence }) => sentence.includes('free inside'))).toBe(false);
  });

  it('gives no lines to paste while something stands against it, but for a session that writes nothing', async () => {
    const lines = async (etcd: FakeEtcd, readOnly: string | null = null) =>
      planText(await planOf(etcd, DEFRAGMENT, readOnly)).includes('Same as: ');
    expect(await lines(made(3))).toBe(true);
    expect(await lines(made(3), 'Read-only.')).toBe(true);
    expect(await lines(made(3, sick))).toBe(false);
  });

  it('draws a hostile name of a member as text', async () => {
    const etcd = new FakeEtcd(3);
    etcd.at('m-2').name = '\u001b[2J\r\nm-1: done\u202e';
    const plan = await planOf(etcd, DEFRAGMENT);
    expect(plan.steps.map(({ node }) => node)).toContain('m-2');
    const text = planText(plan);
    expect(text).not.toMatch(/[\u001b\r\u202e]/);
    expect(text.split('\n').filter((line) => line.startsWith('m-1: done'))).toEqual([]);
  });
});
