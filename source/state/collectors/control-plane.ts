import type { ControlPlaneReader } from '../../links/control-plane/reader.ts';
import { ConfigurationError } from '../../links/kubernetes/access.ts';
import type { Clock } from '../../links/kubernetes/clock.ts';
import { bracketed } from '../../links/kubernetes/doors.ts';
import { LinkFailure } from '../../links/kubernetes/failure.ts';
import type { ClusterEvent, Question, Told } from '../../model/cluster-event.ts';
import {
  API_SERVER_PORT,
  INGRESS_PORT,
  OF_API_SERVER,
  OF_INGRESS,
  OF_WORKLOAD_INGRESS,
  WORKLOAD_INGRESS_PORT,
} from '../../product/certificates.ts';
import type { AttentionOf } from '../attention.ts';
import { CONTROL_PLANE_BUDGET, type ControlPlaneQuestion } from '../control-plane-budget.ts';
import { addressesOf } from '../control-plane-nodes.ts';
import { NOT_ASKED } from '../picture.ts';
import type { Store } from '../store.ts';
import { unanswered } from '../unanswered.ts';
import { createClientCertificateSight } from './client-certificate-sight.ts';
import { createLeaseSight } from './lease-sight.ts';
import { askByRhythm } from './rhythm.ts';

export type ControlPlaneCollecting = {
  readonly controlPlane: ControlPlaneReader;
  readonly store: Store;
  readonly attention: AttentionOf;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** Leases of which one look does not tell whether they are held are looked at again so soon, ms: they move every 2 s. */
const SECOND_LOOK = 4_000;
/** Whoever opens a console waits for nodes and pods; what else is listed lets them pass for so long, ms. */
const FIRST_LISTS = 1_000;
/** The metrics of an API server are a large page: whoever does not look at certificates has the first after so long, ms. */
const FIRST_METRICS = 120_000;
/** Certificates that were read without the nodes, which name the masters, are read again so soon, ms. */
const WITHOUT_NODES = 60_000;
/** More API servers than a cluster has; whatever says that there are more, as labels of nodes may, they are not asked. */
const MOST_API_SERVERS = 12;

/**
 * Keeps asking about the control plane by its budget until the signal aborts, and resolves then. Lists are asked for
 * while the API server answers, after the first lists of nodes and pods; API servers and certificates at their own
 * addresses also when it does not.
 */
export async function collectControlPlane(collecting: ControlPlaneCollecting): Promise<void> {
  const { store, attention, clock, signal } = collecting;
  const asking = createAsking(collecting);
  const often = (question: ControlPlaneQuestion) => (): number | null =>
    CONTROL_PLANE_BUDGET[question][attention.current() === 'control-plane' ? 'attended' : 'otherwise'];
  const leasesOften = often('leases');
  let knewNodes = false;
  const areNodesSettled = () => isSettled(store, 'nodes');
  const areListed = () => isAnswering(store) && isSettled(store, 'pods');
  const rhythms = {
    leases: {
      may: areListed,
      after: () => FIRST_LISTS,
      every: () => (asking.areLeasesInDoubt() ? SECOND_LOOK : leasesOften()),
    },
    backups: { may: areListed, after: () => FIRST_LISTS, every: often('backups') },
    apiServer: { may: areNodesSettled, every: often('apiServer') },
    clientCertificates: {
      may: areListed,
      after: () => (attention.current() === 'control-plane' ? 0 : FIRST_METRICS),
      every: often('clientCertificates'),
    },
    certificate: {
      may: areNodesSettled,
      after: () => FIRST_LISTS,
      every: () => (knewNodes ? CONTROL_PLANE_BUDGET.certificate.otherwise : WITHOUT_NODES),
    },
  };
  const keep = (question: ControlPlaneQuestion, ask = asking[question]) =>
    askByRhythm({ store, attention, clock, signal, ...rhythms[question] }, ask);
  const readCertificates = () => {
    knewNodes = ['live', 'stale'].includes(store.state.resources.nodes.status.state);
    return asking.certificate();
  };
  const kept = (['leases', 'backups', 'apiServer', 'clientCertificates'] as const).map((question) => keep(question));
  await Promise.all([...kept, keep('certificate', readCertificates)]);
}

/** Whoever refuses the nodes may answer about all else. */
const isAnswering = ({ state }: Store): boolean => ['live', 'denied'].includes(state.resources.nodes.status.state);

/** The first list has come, or will not for now. */
const isSettled = ({ state }: Store, resource: 'nodes' | 'pods'): boolean => {
  const { status } = state.resources[resource];
  return status.state !== 'loading' && status !== NOT_ASKED;
};

const mastersOf = ({ state }: Store): readonly string[] => addressesOf(state, 'master');

const at = (host: string, port: number): string => `https://${bracketed(host)}:${port}`;

type Asking = Readonly<Record<ControlPlaneQuestion, () => Promise<void>>> & {
  readonly areLeasesInDoubt: () => boolean;
};

function createAsking({ controlPlane, store, clock, signal }: Omit<ControlPlaneCollecting, 'attention'>): Asking {
  const leases = createLeaseSight();
  const clientCertificates = createClientCertificateSight();

  /** Tells what is answered, or why nothing is. */
  const tell = async <Q extends Question>(
    question: Q,
    about: string,
    right: string,
    ask: () => Promise<Told[Q]>,
  ): Promise<void> => {
    try {
      const answer = await ask();
      // The answer is one to this question.
      if (!signal.aborted) store.dispatch({ type: 'answer', at: clock.now(), question, answer } as ClusterEvent);
    } catch (error) {
      signal.throwIfAborted();
      store.dispatch({ type: 'no-answer', at: clock.now(), question, about, failure: unanswered(error, right) });
    }
  };

  /** The masters, and whatever else leads to an API server. */
  const apiServers = async (): Promise<readonly string[]> => {
    const found = await orNothing(controlPlane.apiServers);
    const all = new Set([...found, ...mastersOf(store).map((host) => at(host, API_SERVER_PORT))]);
    return [...all].slice(0, MOST_API_SERVERS);
  };

  /** Where the product's configuration does not say, or cannot be asked, it is the bootstrap node. */
  const ingress = async (): Promise<readonly string[]> => {
    const said = isAnswering(store) ? await orNothing(async () => [await controlPlane.ingress(signal)]) : [];
    const [host = null] = [...said.filter((one) => one !== null), ...addressesOf(store.state, 'bootstrap')];
    return host === null ? [] : [at(host, INGRESS_PORT)];
  };

  /** It shows the same on all nodes that run it, and on the bootstrap node it runs whatever taints there are. */
  const workloadIngress = (): Promise<readonly string[]> => {
    const hosts = addressesOf(store.state, 'bootstrap', 'workload').slice(0, 1);
    return Promise.resolve(hosts.map((host) => at(host, WORKLOAD_INGRESS_PORT)));
  };

  const certificateAt = (what: string) => (address: string) =>
    tell('certificate', address, what, () => controlPlane.certificate(what, address, signal));

  const ownCertificates = async (): Promise<void> => {
    const own = await orNothing(controlPlane.ownCertificates);
    for (const one of own) await tell('certificate', one.where, one.what, () => Promise.resolve(one));
  };

  return {
    areLeasesInDoubt: leases.isInDoubt,
    leases: () =>
      tell('leases', '', 'list leases', async () => leases.seen(await controlPlane.leases(signal), clock.now())),
    backups: () => tell('backups', '', 'list jobs', () => controlPlane.backups(signal)),
    apiServer: () =>
      eachOf(apiServers, (address) =>
        tell('apiServer', address, 'get /livez', () => controlPlane.health(address, signal)),
      ),
    clientCertificates: () =>
      tell('clientCertificates', '', 'get /metrics', async () => {
        const count = await controlPlane.clientCertificates(signal);
        if (count !== null) return clientCertificates(count, clock.now());
        throw new LinkFailure({ kind: 'not-found', message: 'Its metrics do not count client certificates.' });
      }),
    certificate: async () => {
      await Promise.all([
        ownCertificates(),
        eachOf(apiServers, certificateAt(OF_API_SERVER)),
        eachOf(ingress, certificateAt(OF_INGRESS)),
        eachOf(workloadIngress, certificateAt(OF_WORKLOAD_INGRESS)),
      ]);
    },
  };
}

const eachOf = async (addresses: () => Promise<readonly string[]>, ask: (address: string) => Promise<void>) => {
  await Promise.all((await addresses()).map(ask));
};

/** What is asked, or nothing where the cluster or the kubeconfig has no answer: what then stands in its place says so. */
async function orNothing<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LinkFailure || error instanceof ConfigurationError) return [];
    throw error;
  }
}
