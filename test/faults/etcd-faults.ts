import {
  answers,
  both,
  commands,
  dripping,
  endless,
  HTML,
  HURT,
  never,
  page,
  told,
  valued,
  written,
} from './etcd-hurts.ts';
import type { Strike } from './etcd-place.tsx';
import type { Running } from './wire-exec.ts';
import { status as refused } from './spoken.ts';

/** What a member tells of itself by its metrics. */
const FIGURES = [
  'version',
  'dbSize',
  'dbSizeInUse',
  'quota',
  'fragmentation',
  'fsyncP99',
  'commitP99',
  'peerRtt',
  'raftIndexLag',
];
const HEALTH = ['healthy', 'reason'];

export type EtcdFault = {
  readonly name: string;
  readonly strike: Strike;
  /** All that the operator reads of it, once; null where nothing needs to be said. */
  readonly says: string | RegExp | null;
  /** What of the member HURT nobody tells who asks only now; whoever saw it before keeps it, with its age. */
  readonly untold?: readonly string[];
  /** The same of all members together, as they are in the answer of the command. */
  readonly untoldOfAll?: readonly string[];
  /** The exit code of the command, 0 unless it is given. */
  readonly code?: number;
  /** ms until it is seen that it is over, where that is longer than a turn. */
  readonly over?: number;
  /** It lasts about as long as the command waits, which may or may not learn of it. */
  readonly late?: true;
};

/** A right that is missing is asked for again after so long, ms. */
const RIGHTS_AGAIN = 60_000;

const MEMBER = `The member of etcd on ${HURT}`;
const NOT_ETCD = 'look for something else that listens there, or a proxy in between.';

const OF_METRICS: readonly EtcdFault[] = [
  {
    name: 'a web page in place of metrics',
    strike: page('metrics', answers(HTML)),
    says: `What the member on ${HURT} answered is not the metrics of etcd: it begins with "<!doctype html><html><body><h1>Sign in</"; ${NOT_ETCD}`,
    untold: FIGURES,
    code: 3,
  },
  {
    name: 'metrics without end',
    strike: page('metrics', { body: endless }),
    says: `Cannot read the figures of etcd on ${HURT} at SERVER: the answer passes 2 MiB; look for a proxy in between.`,
    untold: FIGURES,
    code: 3,
  },
  {
    name: 'metrics of something else',
    strike: page('metrics', answers({ status: 200, body: 'node_load1 0.5\n' })),
    says: `What the member on ${HURT} answered is not the metrics of etcd: it begins with "node_load1 0.5"; ${NOT_ETCD}`,
    untold: FIGURES,
    code: 3,
  },
  {
    name: 'no metrics at all',
    strike: page('metrics', answers({ status: 200, body: '' })),
    says: `What the member on ${HURT} answered is not the metrics of etcd: it is empty; ${NOT_ETCD}`,
    untold: FIGURES,
    code: 3,
  },
  {
    name: 'samples that are NaN',
    strike: page('metrics', valued('etcd_', 'NaN')),
    says: null,
    untold: FIGURES,
    code: 3,
  },
  {
    name: 'samples without end',
    strike: page('metrics', valued('etcd_mvcc', '+Inf')),
    says: null,
    untold: ['dbSize', 'dbSizeInUse', 'fragmentation'],
    code: 3,
  },
  {
    name: 'histograms without buckets',
    strike: page(
      'metrics',
      written((text) => text.replaceAll(/^etcd_\w+_bucket.*\n/gm, '')),
    ),
    says: null,
    untold: ['fsyncP99', 'commitP99', 'peerRtt'],
    code: 3,
  },
  {
    name: 'a byte of metrics a second',
    strike: page('metrics', (place) => ({ body: dripping(place) })),
    says: `${MEMBER} gave no answer within 3 s through SERVER; look at the pod etcd-${HURT}, or at the API server if no member answers.`,
    untold: FIGURES,
    code: 3,
  },
];

const OF_HEALTH: readonly EtcdFault[] = [
  {
    name: 'a web page in place of health',
    strike: page('health', answers(HTML)),
    says: `What the member on ${HURT} answered is not the health of a member of etcd: it begins with "<!doctype html><html><body><h1>Sign in</"; ${NOT_ETCD}`,
    untold: HEALTH,
    code: 1,
  },
  {
    name: 'health that was cut',
    strike: page('health', answers({ status: 200, body: '{"health":"tr' })),
    says: `What the member on ${HURT} answered is not the health of a member of etcd: it begins with "{"health":"tr"; ${NOT_ETCD}`,
    untold: HEALTH,
    code: 1,
  },
];

const pods = (verb: string) =>
  `pods "etcd-${HURT}:2381" is forbidden: User "ann" cannot ${verb} resource "pods/proxy" in API group "" in the namespace "kube-system"`;
const EVERYTHING = [...FIGURES, ...HEALTH, 'role'];
const QUORUM = ['canLose', 'hasQuorum', 'healthyVoters', 'quorum', 'voters'];

const OF_PROXY: readonly EtcdFault[] = [
  {
    name: 'the proxy of a pod: 403',
    strike: both(answers(refused(403, 'Forbidden', pods('get')))),
    says: /user "ann" has no right to get pods\/proxy in the namespace "kube-system" \(403\); ask an administrator for it\./,
    untold: EVERYTHING,
    untoldOfAll: QUORUM,
    code: 3,
    over: RIGHTS_AGAIN,
  },
  {
    name: 'the proxy of a pod: 404, there is no pod',
    strike: both(answers(refused(404, 'NotFound', `pods "etcd-${HURT}" not found`))),
    says: `No etcd runs on ${HURT}: there is no pod etcd-${HURT}; deploy the node, or look at its kubelet.`,
    untold: EVERYTHING,
    code: 3,
  },
  {
    name: 'the proxy of a pod: 503, nobody listens',
    strike: both(
      answers(
        refused(
          503,
          'ServiceUnavailable',
          'error trying to reach service: dial tcp 10.1.0.13:2381: connect: connection refused',
        ),
      ),
    ),
    says: `${MEMBER} does not answer (dial tcp 10.1.0.13:2381: connect: connection refused); look at the pod etcd-${HURT} and its node.`,
    untold: EVERYTHING,
    code: 1,
  },
  {
    name: 'the proxy of a pod: 502',
    strike: both(answers({ status: 502, headers: { 'content-type': 'text/plain' }, body: 'bad gateway' })),
    says: /the server answered 502: bad gateway; look at kube-apiserver there if that lasts\./,
    untold: EVERYTHING,
    code: 1,
  },
  {
    name: 'the proxy of a pod: 504',
    strike: both(answers(refused(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout'))),
    says: /Timeout: request did not complete within the allotted timeout; check etcd, which may have no quorum\./,
    untold: EVERYTHING,
    code: 1,
  },
  {
    name: 'the connection is reset by whoever is asked for the member',
    strike: both({ reset: true }),
    says: /the connection was cut; look at kube-apiserver there if that lasts\./,
    untold: EVERYTHING,
    code: 1,
  },
  {
    name: 'a member that never answers',
    strike: both({ before: never }),
    says: `${MEMBER} gave no answer within 3 s through SERVER; look at the pod etcd-${HURT}, or at the API server if no member answers.`,
    untold: EVERYTHING,
    code: 1,
  },
];

export const MEMBER_FAULTS: readonly EtcdFault[] = [...OF_METRICS, ...OF_HEALTH, ...OF_PROXY];

/** What only the list of members tells. */
const LIST = ['clusterId'];

const denying =
  (verb: string): Strike =>
  ({ box }) =>
    box.deny({ verb, resource: 'pods/exec' });

const exec = (run: (running: Running) => void): Strike => commands({ run });

const NEEDS_BOTH =
  'there (403), and running a command needs both get and create of pods/exec; ask an administrator for them.';

export const COMMAND_FAULTS: readonly EtcdFault[] = [
  ...['get', 'create'].map((verb): EtcdFault => ({
    name: `exec is refused: no right to ${verb} pods/exec`,
    strike: denying(verb),
    says: new RegExp(`this user has no right to ${verb} pods/exec ${NEEDS_BOTH.replace(/[()]/g, '\\$&')}`),
    untoldOfAll: LIST,
  })),
  {
    name: 'the upgrade is refused with a web page',
    strike: commands(answers(HTML)),
    says: /a web page came instead of the Kubernetes API \(200\); look for a proxy in between\./,
    untoldOfAll: LIST,
  },
  {
    name: 'the upgrade is refused with 500',
    strike: commands(
      answers(refused(500, 'InternalError', 'unable to upgrade connection: container not found ("etcd")')),
    ),
    says: /unable to upgrade connection: container not found \("etcd"\); look at kube-apiserver there if that lasts\./,
    untoldOfAll: LIST,
  },
  {
    name: 'exec is cut in the middle',
    strike: exec(({ ran, stdout, cut }) => {
      void ran().then((real) => {
        stdout(real.stdout.slice(0, 100));
        cut();
      });
    }),
    says: /the end of the command was not told; look for a proxy in between\./,
    untoldOfAll: LIST,
  },
  {
    name: 'exec closes without an end',
    strike: exec(({ stdout, close }) => {
      stdout('{"header":');
      close();
    }),
    says: /the end of the command was not told; look for a proxy in between\./,
    untoldOfAll: LIST,
  },
  {
    name: 'a command that never ends',
    strike: exec(() => undefined),
    says: /the command did not end within \d+ s; look at the pod and at the kubelet of its node\./,
    untoldOfAll: LIST,
    late: true,
  },
  {
    name: 'a command that writes without end',
    strike: exec(({ stdout, end }) => {
      for (let count = 0; count < 5; count += 1) stdout('x'.repeat(2 ** 20));
      end(0);
    }),
    says: /the command wrote more than 4 MiB; look for a proxy in between\./,
    untoldOfAll: LIST,
  },
  {
    name: 'etcdctl fails',
    strike: exec(({ stderr, end }) => {
      stderr('{"level":"warn","msg":"retrying of unary invoker failed"}\nError: context deadline exceeded\n');
      end(1);
    }),
    says: /etcdctl ended with 1 \(context deadline exceeded\); look at the members of etcd\./,
    untoldOfAll: LIST,
  },
  {
    name: 'etcdctl writes words to its standard error, and the answer',
    strike: exec(({ ran, stdout, stderr, end }) => {
      void ran().then((real) => {
        stderr('{"level":"warn","msg":"Flag --cacert has been deprecated"}\n');
        stdout(real.stdout);
        end(real.exitCode);
      });
    }),
    says: null,
  },
  {
    name: 'JSON of etcdctl that was cut',
    strike: exec(told((stdout) => stdout.slice(0, stdout.length / 2))),
    says: /What etcdctl on \S+ answered is not (a list of the members|the status of members) of etcd: it begins with "\[?\{/,
    untoldOfAll: LIST,
  },
  {
    name: 'words in place of JSON',
    strike: exec(told(() => 'etcdctl version: 3.2.0\n')),
    says: /What etcdctl on \S+ answered is not (a list of the members|the status of members) of etcd: it begins with "etcdctl version: 3\.2\.0"/,
    untoldOfAll: LIST,
  },
];
