import { describe, expect, test } from 'vitest';
import { newAuthority } from '../../../source/sandbox/certificates.ts';
import type { Sandbox } from '../../../source/sandbox/sandbox.ts';
import { changeWorld, nodesOf, openLive, startSite, untrue, type LiveScreen, type Site } from './live-screen.tsx';

const A_MINUTE = 60_000;
/** No try after a failure is later than this, but for a right that is missing for long. */
const LONGEST_WAIT = 30_000;
const WORKER = 'par1-worker-1';

type Lift = () => void | Promise<void>;

type Fault = {
  readonly name: string;
  /** Once live, there is a last picture that stays. */
  readonly when: 'from the start' | 'once live';
  /** Brings the fault about; the answer ends it. */
  readonly strike: (site: Site) => Lift | Promise<Lift>;
  /** What the operator reads, all of it; once on the whole screen. */
  readonly sentence: string | RegExp;
  /** What there is to see meanwhile. */
  readonly shows: 'nothing' | 'nodes without pods' | 'everything' | 'the last picture';
  /** Milliseconds that pass before it ends. */
  readonly lasts?: number;
};

/** A kubeconfig that is wrong until it is rewritten. */
const kubeconfig =
  (wrong: (box: Sandbox) => string): Fault['strike'] =>
  ({ box, write }) => {
    write(wrong(box));
    return () => write(box.kubeconfig());
  };

const foreignAuthority = (): string => Buffer.from(newAuthority(new Date(), 'another').caPem).toString('base64');

const stopped: Fault['strike'] = async ({ box }) => {
  await box.pause();
  return () => box.resume();
};

const REFUSED =
  'the connection was refused; check that kube-apiserver runs there and that the kubeconfig names the right address.';
const CUT = 'the connection was cut; look at kube-apiserver there if that lasts.';
const NOT_ACCEPTED =
  'the server does not accept the credentials (401); renew the certificate or token of this user in the kubeconfig.';
const NO_RIGHT = (right: string) =>
  `user "kubernetes-admin" has no right to ${right} (403); ask an administrator for it.`;

const FAULTS: readonly Fault[] = [
  {
    name: 'no right to list pods',
    when: 'from the start',
    strike: ({ box }) => box.deny({ verb: 'list', resource: 'pods' }),
    sentence: `Cannot list pods at SERVER: ${NO_RIGHT('list pods')}`,
    shows: 'nodes without pods',
  },
  {
    name: 'no right to list events',
    when: 'from the start',
    strike: ({ box }) => box.deny({ verb: 'list', resource: 'events' }),
    sentence: `Cannot list events at SERVER: ${NO_RIGHT('list events')}`,
    shows: 'everything',
  },
  {
    name: 'nothing listens',
    when: 'from the start',
    strike: stopped,
    sentence: `Cannot list nodes at SERVER: ${REFUSED}`,
    shows: 'nothing',
  },
  {
    name: 'the kubeconfig names another CA',
    when: 'from the start',
    strike: kubeconfig((box) =>
      box.kubeconfig().replace(/certificate-authority-data: \S+/, `certificate-authority-data: ${foreignAuthority()}`),
    ),
    sentence:
      "Cannot list nodes at SERVER: its certificate is not signed by the CA that the kubeconfig names; check certificate-authority in the kubeconfig against the cluster's own CA.",
    shows: 'nothing',
  },
  {
    name: 'the client certificate has expired',
    when: 'from the start',
    strike: kubeconfig((box) => box.kubeconfig('admin', 'expired-certificate')),
    sentence:
      /The client certificate of user "admin" expired on \d{4}-\d\d-\d\dT[\d:.]+Z; renew it in the kubeconfig\./,
    shows: 'nothing',
  },
  {
    name: 'the token is wrong',
    when: 'from the start',
    strike: kubeconfig((box) => box.kubeconfig('admin', 'wrong-token')),
    sentence: `Cannot list nodes at SERVER: ${NOT_ACCEPTED}`,
    shows: 'nothing',
  },
  {
    name: 'a page breaks off in the middle',
    when: 'from the start',
    strike: ({ box }) => box.faults.every(({ path }) => (path.startsWith('/api/v1/pods?') ? 'truncate' : undefined)),
    sentence: `Cannot list pods at SERVER: ${CUT}`,
    shows: 'nodes without pods',
  },
  {
    name: 'the server is starting',
    when: 'from the start',
    strike: ({ box }) => box.faults.every(() => ({ status: 503, body: 'service unavailable\n' })),
    sentence:
      'Cannot list nodes at SERVER: the server is not ready (service unavailable); look at kube-apiserver there if that lasts.',
    shows: 'nothing',
  },
  {
    name: 'the server is gone for a minute',
    when: 'once live',
    strike: stopped,
    lasts: A_MINUTE,
    sentence: `Cannot watch nodes at SERVER: ${REFUSED}`,
    shows: 'the last picture',
  },
  {
    name: 'the server is killed in the middle of a watch',
    when: 'once live',
    strike: ({ box }) => {
      const lift = box.faults.every(() => 'reset');
      box.dropConnections();
      return lift;
    },
    sentence: `Cannot watch nodes at SERVER: ${CUT}`,
    shows: 'the last picture',
  },
  {
    name: 'the token is taken back',
    when: 'once live',
    strike: ({ box, write }) => {
      box.rotateToken('admin');
      box.dropConnections();
      return () => write(box.kubeconfig('admin', 'token'));
    },
    sentence: `Cannot watch nodes at SERVER: ${NOT_ACCEPTED}`,
    shows: 'the last picture',
  },
];

/** Every way in which a sentence about a failure begins. */
const BEGINNINGS = /\b(Cannot (list|watch|read)|The client certificate) /g;

const rowsOfNodes = (screen: readonly string[], box: Sandbox) =>
  nodesOf(box).flatMap((name) => screen.filter((row) => row.slice(2).startsWith(`${name} `)));

const SHOWN: Readonly<Record<Fault['shows'], (screen: readonly string[], box: Sandbox) => void>> = {
  nothing: (screen, box) => {
    expect(screen[0]).toMatch(/ X no data +\d\d:\d\d$/);
    expect(rowsOfNodes(screen, box)).toEqual([]);
    expect(screen.join('\n')).not.toMatch(/\b0 (of|nodes)/);
  },
  'nodes without pods': (screen, box) => {
    const rows = rowsOfNodes(screen, box);
    expect(rows).toHaveLength(box.world.nodes.size);
    for (const row of rows) expect(row.trimEnd()).toMatch(/( +\?){3}$/);
    for (const words of ['FREE FOR WORKLOADS', 'LARGEST HOLE', 'IF THE LARGEST NODE IS LOST'])
      expect(screen.find((row) => row.startsWith(` ${words}  `))).toMatch(/ {2}\?/);
  },
  everything: (screen, box) => {
    expect(untrue(screen, box)).toBe('a source is not live');
    expect(screen.find((row) => row.startsWith(' source '))?.trimEnd()).toBe(
      ' source  nodes live   pods live   ! no right to list events   usage live',
    );
  },
  'the last picture': (screen, box) => {
    expect(screen[0]).toMatch(/ ! stale \d+s +\d\d:\d\d$/);
    const rows = rowsOfNodes(screen, box);
    expect(rows).toHaveLength(box.world.nodes.size);
    for (const row of rows) expect(row.trimEnd()).toMatch(/ [1-9]\d*\/\d+$/);
    expect(rows.join('\n')).not.toContain('Cordoned');
  },
};

function expectOneSentence(screen: LiveScreen, { sentence }: Fault, { url }: Sandbox) {
  const text = screen.text();
  if (typeof sentence === 'string') expect(text).toContain(sentence.replace('SERVER', url));
  else expect(text).toMatch(sentence);
  expect(text.match(BEGINNINGS), text).toHaveLength(1);
}

const hasBegun = (screen: LiveScreen, { sentence }: Fault, { url }: Sandbox): boolean =>
  typeof sentence === 'string' ? screen.text().includes(sentence.replace('SERVER', url)) : sentence.test(screen.text());

describe('a fault', () => {
  test.concurrent.for(FAULTS)('$name: one sentence, a usable screen, and right again', async (fault, context) => {
    const atEnd = context.onTestFinished;
    const site = await startSite(atEnd);
    const { box } = site;
    if (fault.when === 'once live') site.write(box.kubeconfig('admin', 'token'));
    const before = fault.when === 'from the start' ? await fault.strike(site) : null;
    const { screen, clock } = await openLive(atEnd, site);
    if (before === null) await screen.untilTrue(box);
    const lift = before ?? (await fault.strike(site));

    await screen.until(() => hasBegun(screen, fault, box), `the sentence about ${fault.name}`);
    if (fault.shows === 'everything') await screen.untilText('nodes live   pods live');
    if (fault.lasts !== undefined) {
      clock.jump(fault.lasts);
      await screen.until(([first = '']) => / ! stale [67]0s /.test(first), 'the age of the last picture');
    }
    changeWorld(box, WORKER);
    SHOWN[fault.shows](screen.screen(), box);
    expectOneSentence(screen, fault, box);

    screen.press('?');
    await screen.untilText('Keys of the list of nodes');
    expectOneSentence(screen, fault, box);
    screen.press('qq');
    await screen.untilGone('Keys of');
    expect(screen.terminal).toEqual(['quit']);

    await lift();
    clock.jump(LONGEST_WAIT);
    await screen.untilText('nodes live   pods live   events live');
    // Usage is asked for at times of its own: that one may have come before the fault was lifted for all.
    if (!screen.text().includes('usage live')) clock.jump(LONGEST_WAIT);
    await screen.untilTrue(box);
    expect(screen.text()).not.toMatch(BEGINNINGS);
  });
});
