import { describe, expect, onTestFinished, test } from 'vitest';
import type { Lease } from '../../../source/links/control-plane/decode.ts';
import type { ClientCount, ControlPlaneReader } from '../../../source/links/control-plane/reader.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import type { CertificateEnd } from '../../../source/model/control-plane/control-plane.ts';
import { createAttention } from '../../../source/state/attention.ts';
import { collectControlPlane } from '../../../source/state/collectors/control-plane.ts';
import { createStore } from '../../../source/state/store.ts';
import { FakeClock } from '../../links/kubernetes/fake-clock.ts';
import { makeNode } from '../made.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const BEGIN = 1_000_000;
/** Lists begin so long after the first nodes and pods; times are told from then. */
const FIRST = SECOND;

const LEASE: Lease = { name: 'kube-scheduler', holder: 'm-1_x', renewedAt: 1, seconds: 15, transitions: 0 };
const certificate = (what: string, where: string): CertificateEnd => ({
  what,
  where,
  subject: 'CN=a',
  from: 0,
  until: 1,
  distrust: null,
  unverified: null,
});
/** What an API server counted of client certificates: one request by one that held a day to a week. */
const COUNT: ClientCount = {
  where: 'https://vip:6443',
  histogram: { bounds: [86_400, 604_800, Infinity], counts: [0, 1, 1] },
};
const failure = (kind: LinkFailure['kind'], detail: string | null = null) =>
  new LinkFailure({ kind, message: `It is ${kind}.`, detail, sent: true });

const master = (name: string, address: string, more: readonly string[] = []) =>
  makeNode({
    name,
    labels: Object.fromEntries(['master', ...more].map((role) => [`node-role.kubernetes.io/${role}`, ''])),
    addresses: [{ type: 'InternalIP', address }],
  });
const MASTERS = [master('m-1', '192.0.2.1', ['bootstrap']), master('m-2', '192.0.2.2')];

/** A control plane that answers everything, and a store that the test fills. */
function place(answers: Partial<ControlPlaneReader> = {}) {
  const asked: { readonly what: string; readonly at: number }[] = [];
  const clock = new FakeClock(BEGIN);
  const store = createStore();
  const attention = createAttention();
  const stopping = new AbortController();
  const heard: ClusterEvent[] = [];
  const listening = {
    ...store,
    dispatch: (event: ClusterEvent) => {
      heard.push(event);
      store.dispatch(event);
    },
  };
  const note = (what: string) => asked.push({ what, at: clock.now() - BEGIN - FIRST });
  const reader: ControlPlaneReader = {
    leases: () => Promise.resolve([LEASE]),
    backups: () => Promise.resolve([]),
    apiServers: () => Promise.resolve(['https://vip:6443']),
    health: (address) => {
      const well = { ok: true, checks: [], milliseconds: 1 };
      return Promise.resolve({ address, live: well, ready: well });
    },
    ingress: () => Promise.resolve(null),
    certificate: (what, address) => Promise.resolve(certificate(what, address)),
    ownCertificates: () => Promise.resolve([certificate('client of the kubeconfig', 'the kubeconfig')]),
    clientCertificates: () => Promise.resolve(COUNT),
    ...answers,
  };
  const noted: ControlPlaneReader = {
    ...reader,
    leases: (signal) => (note('leases'), reader.leases(signal)),
    backups: (signal) => (note('backups'), reader.backups(signal)),
    health: (address, signal) => (note(`health ${address}`), reader.health(address, signal)),
    clientCertificates: (signal) => (note('metrics'), reader.clientCertificates(signal)),
    certificate: (what, address, signal) => (note(`${what} ${address}`), reader.certificate(what, address, signal)),
  };
  const how = { controlPlane: noted, store: listening, attention, clock, signal: stopping.signal };
  const see = (resource: 'nodes' | 'pods', state: 'live' | 'stale') => {
    const status = state === 'live' ? { state } : { state, since: clock.now(), why: 'Cut.' };
    store.dispatch({ type: 'status', at: clock.now(), resource, status });
  };
  return {
    store,
    clock,
    attention,
    heard,
    see,
    timesOf: (what: string) => asked.filter((one) => one.what === what).map(({ at }) => at),
    whats: () => asked.map(({ what }) => what).sort(),
    /** All is listed, and so long ago that more is asked. */
    know: async (nodes = MASTERS) => {
      store.dispatch({ type: 'changed', at: clock.now(), resource: 'nodes', items: nodes });
      see('nodes', 'live');
      see('pods', 'live');
      await clock.advance(FIRST);
    },
    /** All is asked at once, and answered. */
    ask: async () => {
      attention.attend('control-plane');
      await clock.advance(FIRST);
    },
    how,
    collect: () => {
      const ended = collectControlPlane(how);
      const end = async () => {
        stopping.abort(new Error('closed'));
        await ended;
        expect(clock.timers).toBe(0);
      };
      onTestFinished(end);
      return end;
    },
  };
}

describe('what is asked of the control plane, and how often', () => {
  test('nothing before the nodes are known', async () => {
    const { clock, collect, whats } = place();
    collect();
    await clock.advance(10 * MINUTE);
    expect(whats()).toEqual([]);
  });

  test('while nobody looks: leases once a minute, again soon for as long as they leave a doubt; backups each five, certificates each ten', async () => {
    const { clock, collect, know, timesOf, whats } = place();
    collect();
    await know();
    await clock.advance(11 * MINUTE);
    expect(timesOf('leases').slice(0, 4)).toEqual([0, 4 * SECOND, 8 * SECOND, 12 * SECOND]);
    expect(timesOf('leases').slice(4, 7)).toEqual([16 * SECOND, 76 * SECOND, 136 * SECOND]);
    expect(timesOf('backups')).toEqual([0, 5 * MINUTE, 10 * MINUTE]);
    for (const where of ['https://vip:6443', 'https://192.0.2.1:6443', 'https://192.0.2.2:6443'])
      expect(timesOf(`API server ${where}`)).toEqual([0, 10 * MINUTE]);
    expect(timesOf('control-plane ingress https://192.0.2.1:8443')).toEqual([0, 10 * MINUTE]);
    expect(whats().filter((what) => what.startsWith('health'))).toEqual([]);
  });

  test('while somebody looks: leases each half minute, and each API server every ten seconds, from the first moment', async () => {
    const { clock, collect, know, attention, timesOf } = place();
    collect();
    await know();
    await clock.advance(5 * MINUTE);
    attention.attend('control-plane');
    await clock.advance(30 * SECOND);
    const since = (what: string) => timesOf(what).filter((at) => at >= 5 * MINUTE);
    const times = [0, 10, 20, 30].map((seconds) => 5 * MINUTE + seconds * SECOND);
    for (const where of ['https://vip:6443', 'https://192.0.2.2:6443']) expect(since(`health ${where}`)).toEqual(times);
    expect(since('leases')).toEqual([5 * MINUTE, 5 * MINUTE + 30 * SECOND]);
    attention.attend('etcd');
    await clock.advance(5 * MINUTE);
    expect(since('health https://vip:6443')).toEqual(times);
  });

  test('metrics are read two minutes after the first lists and each hour, and each two minutes of who looks', async () => {
    const { clock, collect, know, attention, timesOf } = place();
    collect();
    await know();
    await clock.advance(100 * MINUTE);
    expect(timesOf('metrics')).toEqual([2 * MINUTE - FIRST, 62 * MINUTE - FIRST]);
    attention.attend('control-plane');
    await clock.advance(4 * MINUTE);
    expect(timesOf('metrics').slice(2)).toEqual([100, 102, 104].map((minutes) => minutes * MINUTE));
  });

  test('no more API servers than a cluster has, whatever nodes say of themselves', async () => {
    const { collect, know, ask, whats } = place();
    await know(Array.from({ length: 5_000 }, (_, index) => master(`m-${index}`, `10.0.${index >> 8}.${index & 255}`)));
    collect();
    await ask();
    const health = whats().filter((what) => what.startsWith('health '));
    expect(health).toHaveLength(12);
    expect(health).toContain('health https://vip:6443');
    expect(whats().filter((what) => what.endsWith(':6443'))).toHaveLength(2 * 12);
  });

  test('lists wait while the server does not answer, addresses do not', async () => {
    const { clock, collect, know, see, attention, timesOf } = place();
    collect();
    await know();
    attention.attend('control-plane');
    await clock.advance(MINUTE);
    see('nodes', 'stale');
    const before = timesOf('leases').length;
    await clock.advance(10 * MINUTE);
    expect(timesOf('leases').length).toBe(before);
    expect(timesOf('health https://192.0.2.2:6443').at(-1)).toBe(11 * MINUTE);
    expect(timesOf('API server https://192.0.2.2:6443').at(-1)).toBe(10 * MINUTE);
    see('nodes', 'live');
    await clock.advance(0);
    expect(timesOf('leases').at(-1)).toBe(11 * MINUTE);
  });

  test('everything is asked of a server that refuses the nodes, and no lists of one that is gone', async () => {
    const { clock, collect, store, whats, see } = place();
    collect();
    const denied = { state: 'denied', right: 'list nodes', why: 'No.' } as const;
    store.dispatch({ type: 'status', at: BEGIN, resource: 'nodes', status: denied });
    see('pods', 'live');
    await clock.advance(2 * MINUTE);
    expect(new Set(whats())).toEqual(new Set(['leases', 'backups', 'metrics', 'API server https://vip:6443']));
    see('nodes', 'stale');
    const before = whats();
    await clock.advance(4 * MINUTE);
    const lists = (all: readonly string[]) => all.filter((what) => !what.startsWith('API server'));
    expect(lists(whats())).toEqual(lists(before));
  });

  test('certificates are read although the nodes cannot be, and again once there are masters', async () => {
    const { clock, collect, know, store, timesOf } = place();
    collect();
    store.dispatch({ type: 'status', at: BEGIN, resource: 'nodes', status: { state: 'absent', why: 'No TLS.' } });
    await clock.advance(30 * SECOND);
    expect(timesOf('API server https://vip:6443')).toEqual([0]);
    await know();
    await clock.advance(10 * MINUTE);
    expect(timesOf('API server https://192.0.2.1:6443')).toEqual([MINUTE]);
  });
});

describe('what is told', () => {
  test('when a renewal was first seen, by the clock of who asks', async () => {
    const renewals = [1, 2, 2, 2, 3];
    const { clock, collect, know, store } = place({
      leases: () => Promise.resolve([{ ...LEASE, renewedAt: renewals.shift() ?? 3 }]),
    });
    collect();
    await know();
    const told = () => {
      const { answer } = store.state.asked.leases.get('') ?? { answer: null };
      const movedAt = answer?.value[0]?.movedAt ?? null;
      return movedAt === null ? null : movedAt - BEGIN - FIRST;
    };
    const seen: (number | null)[] = [];
    for (const wait of [0, 20, 60, 60, 60]) {
      await clock.advance(wait * SECOND);
      seen.push(told());
    }
    expect(seen).toEqual([null, 4 * SECOND, 4 * SECOND, 4 * SECOND, 184 * SECOND]);
  });

  test('nothing of a Lease that was not seen to move, until it did not for as long as it holds', async () => {
    const { clock, collect, know, store } = place({ leases: () => Promise.resolve([LEASE]) });
    collect();
    await know();
    const movedAt = () => store.state.asked.leases.get('')?.answer?.value[0]?.movedAt;
    await clock.advance(14 * SECOND);
    expect(movedAt()).toBe(null);
    await clock.advance(3 * SECOND);
    expect(movedAt()).toBe(BEGIN + FIRST);
  });

  test.each([
    [
      'a right that is missing',
      failure('forbidden', 'leases is forbidden: User "me" cannot list resource "leases"'),
      { kind: 'denied', right: 'list leases' },
    ],
    ['nothing there', failure('not-found'), { kind: 'absent', right: null }],
    ['nobody who answers', failure('timeout'), { kind: 'lost', right: null }],
  ])('%s, and asked again all the same', async (_, refused, told) => {
    const { clock, collect, know, store, timesOf } = place({ leases: () => Promise.reject(refused) });
    collect();
    await know();
    await clock.advance(2 * MINUTE);
    expect(store.state.asked.leases.get('')?.failure).toMatchObject({ since: BEGIN + FIRST, failure: told });
    expect(timesOf('leases')).toEqual([0, MINUTE, 2 * MINUTE]);
  });

  test('of client certificates what came since they were counted before', async () => {
    const counts = [
      [1, 1, 5],
      [1, 2, 9],
    ];
    const { collect, know, ask, clock, store } = place({
      clientCertificates: () =>
        Promise.resolve({ ...COUNT, histogram: { ...COUNT.histogram, counts: counts.shift() ?? [] } }),
    });
    await know();
    collect();
    await ask();
    const told = () => store.state.asked.clientCertificates.get('')?.answer?.value;
    expect(told()).toMatchObject({ since: null, requests: 5, below: 86_400 });
    const at = clock.now() - FIRST;
    await clock.advance(2 * MINUTE);
    expect(told()).toMatchObject({ since: at, requests: 4, atLeast: 86_400, below: 604_800 });
  });

  test('that nothing counts client certificates', async () => {
    const { collect, know, ask, store } = place({ clientCertificates: () => Promise.resolve(null) });
    await know();
    collect();
    await ask();
    expect(store.state.asked.clientCertificates.get('')?.failure).toMatchObject({ failure: { kind: 'absent' } });
  });

  test('of each address by itself', async () => {
    const { collect, know, ask, store } = place({
      health: (address) =>
        address.includes('192.0.2.2')
          ? Promise.reject(failure('refused'))
          : Promise.resolve({
              address,
              live: { ok: true, checks: [], milliseconds: 1 },
              ready: { ok: true, checks: [], milliseconds: 1 },
            }),
    });
    await know();
    collect();
    await ask();
    const told = [...store.state.asked.apiServer].map(([where, { answer, failure }]) => [
      where,
      answer !== null,
      failure?.failure.kind,
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['https://vip:6443', true, undefined],
        ['https://192.0.2.1:6443', true, undefined],
        ['https://192.0.2.2:6443', false, 'lost'],
      ]),
    );
  });

  test('the certificate of the workload ingress at the bootstrap node, where Calico tells its address', async () => {
    const { collect, know, ask, store } = place();
    const annotations = { 'projectcalico.org/IPv4Address': '198.51.100.1/24' };
    await know(MASTERS.map((node) => ({ ...node, annotations })));
    collect();
    await ask();
    const told = store.state.asked.certificate.get('https://198.51.100.1:443')?.answer?.value;
    expect(told?.what).toBe('workload ingress');
  });

  test.each<[string, Partial<ControlPlaneReader>, readonly string[]]>([
    ['where the product says', { ingress: () => Promise.resolve('192.0.2.9') }, ['https://192.0.2.9:8443']],
    ['at the bootstrap node where it does not', {}, ['https://192.0.2.1:8443']],
    [
      'at the bootstrap node where that may not be read',
      { ingress: () => Promise.reject(failure('forbidden')) },
      ['https://192.0.2.1:8443'],
    ],
  ])('the certificate of the ingress %s', async (_, answers, where) => {
    const { collect, know, ask, store } = place(answers);
    await know();
    collect();
    await ask();
    expect([...store.state.asked.certificate.keys()].filter((one) => one.endsWith(':8443'))).toEqual(where);
  });

  test('what a node calls its address is asked only if it is one', async () => {
    const { collect, know, ask, whats } = place();
    await know([master('m-1', 'evil.example'), master('m-2', '2001:db8::2')]);
    collect();
    await ask();
    expect(whats().filter((what) => what.startsWith('health'))).toEqual([
      'health https://[2001:db8::2]:6443',
      'health https://vip:6443',
    ]);
  });

  test('no certificate of a kubeconfig that has none', async () => {
    const { collect, know, ask, store } = place({ ownCertificates: () => Promise.resolve([]) });
    await know([]);
    collect();
    await ask();
    expect([...store.state.asked.certificate.keys()]).toEqual(['https://vip:6443']);
  });

  test('nothing after the end, and what fails by mistake is no failure of the cluster', async () => {
    const waiting = Promise.withResolvers<readonly Lease[]>();
    const { clock, collect, know, heard } = place({ leases: () => waiting.promise });
    const end = collect();
    await know();
    await clock.advance(0);
    const before = heard.length;
    const ended = end();
    waiting.resolve([LEASE]);
    await ended;
    expect(heard.length).toBe(before);
    const other = place({ backups: () => Promise.reject(new TypeError('a mistake')) });
    const failing = expect(collectControlPlane(other.how)).rejects.toThrow('a mistake');
    await other.know();
    await failing;
  });
});
