import { newAuthority } from '../../source/sandbox/certificates.ts';
import { LONGEST_WAIT, type Place } from './place.tsx';
import { encoded, type Hurt, type Passing, type Stream } from './wire.ts';
import type { Spoken } from './spoken.ts';

/** Ends a fault. */
export type Lift = () => void | Promise<void>;

export type Stage = 'from the start' | 'once live';

export type Fault = {
  readonly name: string;
  /** One stage after the other: from the start there is nothing to see; once live, a last picture that stays. */
  readonly when: readonly Stage[];
  /** Brings the fault about; the answer ends it. */
  readonly strike: (place: Place) => Lift | Promise<Lift>;
  /** All that the operator reads of it, one or the other; once on the whole screen. Null where one can but wait. */
  readonly sentence: string | readonly string[] | RegExp | null;
  /** The console finds the truth in another way. */
  readonly finds?: true;
  /** ms that pass at a time until it is noticed: as long as the longest wait of the console unless given. */
  readonly step?: number;
};

type Choose = (passing: Passing, place: Place) => Hurt | undefined;

/** Does something to what passes, from now on; connections that stand are cut, so that everything passes anew. */
const hurt =
  (choose: Choose): Fault['strike'] =>
  (place) => {
    place.wire.hurt = (passing) => choose(passing, place);
    place.wire.cut();
    return () => {
      place.wire.hurt = null;
      place.wire.cut();
    };
  };

/** The same, ended in an orderly way: whatever is still under way comes to its end. */
const hurtGently =
  (choose: (passing: Passing, place: Place, over: AbortSignal) => Hurt | undefined): Fault['strike'] =>
  (place) => {
    const over = new AbortController();
    place.wire.hurt = (passing) => choose(passing, place, over.signal);
    place.wire.cut();
    return () => {
      place.wire.hurt = null;
      over.abort();
    };
  };

const everything =
  (answer: Spoken): Choose =>
  () => ({ answer: () => answer });

const status = (code: number, reason: string, message: string, more: object = {}): Spoken => ({
  status: code,
  body: JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
    ...more,
  }),
});

const plain = (code: number, body: string, headers: Readonly<Record<string, string>> = {}): Spoken => ({
  status: code,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
});

/** Waits by the clock of the place, or until the fault is over. */
const passing = ({ clock }: Place, milliseconds: number, over?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (over?.aborted) {
      resolve();
      return;
    }
    const cancel = clock.after(milliseconds, resolve);
    over?.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });

async function wholeOf(body: Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The first half of an answer, ended as if it were all of it. */
async function* half(body: Stream): Stream & AsyncGenerator<Buffer> {
  const whole = await wholeOf(body);
  yield whole.subarray(0, whole.length / 2);
}

/** One byte a second, and the rest at once when the fault is over. */
const dripping = (place: Place, over: AbortSignal) =>
  async function* (body: Stream): AsyncGenerator<Buffer> {
    for await (const chunk of body)
      for (let at = 0; at < chunk.length; at += 1) {
        if (over.aborted) {
          yield chunk.subarray(at);
          break;
        }
        yield chunk.subarray(at, at + 1);
        await passing(place, 1_000, over);
      }
  };

async function* longLine(): AsyncGenerator<Buffer> {
  const million = Buffer.alloc(1_000_000, 'x');
  for (let count = 0; count < 40; count += 1) {
    yield million;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function* halfLine(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from('{"type":"DELETED","object":{"metadata":{"uid":"'));
}

const expired = JSON.stringify({
  type: 'ERROR',
  object: {
    kind: 'Status',
    status: 'Failure',
    reason: 'Expired',
    code: 410,
    message: 'too old resource version: 1 (9)',
  },
});
async function* tooOld(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(`${expired}\n`));
}

const atServer = (rest: string, verb = 'list') => `Cannot ${verb} nodes at SERVER: ${rest}`;
const LASTS = 'look at kube-apiserver there if that lasts.';
const NO_ANSWER = 'no answer came in time; check the network and the server address in the kubeconfig.';
const FOREIGN =
  "its certificate is not signed by the CA that the kubeconfig names; check certificate-authority in the kubeconfig against the cluster's own CA.";

const watches = ({ watch, path }: Passing) => watch && path.startsWith('/api/v1/nodes?');
const lists = ({ watch, path }: Passing) => !watch && path.startsWith('/api/v1/nodes?limit=500');

const ALWAYS: readonly Stage[] = ['from the start', 'once live'];

/** The same of a list or of a watch, whichever is asked first. */
const either = (rest: string) => [atServer(rest), atServer(rest, 'watch')];

/** What a server answers, to everything, and what is said of it. */
const ANSWERS: readonly { readonly name: string; readonly answer: Spoken; readonly says: string }[] = [
  {
    name: '429 of priority and fairness',
    answer: plain(429, 'Too many requests, please try again later.\n', { 'retry-after': '1' }),
    says: `the server asks to slow down (429); ${LASTS}`,
  },
  {
    name: '429 as a Status',
    answer: status(429, 'TooManyRequests', 'slow down', { details: { retryAfterSeconds: 20 } }),
    says: `the server asks to slow down (429); ${LASTS}`,
  },
  {
    name: '429 while storage is initializing',
    answer: status(429, 'TooManyRequests', 'storage is (re)initializing', { details: { retryAfterSeconds: 26 } }),
    says: `the server is not ready (storage is (re)initializing); ${LASTS}`,
  },
  {
    name: '500',
    answer: status(500, 'InternalError', 'Internal error occurred: etcdserver: no leader'),
    says: `the server answered 500: Internal error occurred: etcdserver: no leader; ${LASTS}`,
  },
  {
    name: '502 with a web page',
    answer: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>502 Bad Gateway</h1></html>' },
    says: 'a web page came instead of the Kubernetes API (502); look for a proxy in between.',
  },
  {
    name: '503 while storage is initializing',
    answer: status(503, 'ServiceUnavailable', 'storage is (re)initializing'),
    says: `the server is not ready (storage is (re)initializing); ${LASTS}`,
  },
  {
    name: '410 to everything',
    answer: status(410, 'Expired', 'The resourceVersion for the provided list is too old.'),
    says: 'The resourceVersion for the provided list is too old; read it anew.',
  },
  {
    name: '404 to everything',
    answer: plain(404, '404 page not found\n'),
    says: '404 page not found; check the name.',
  },
];

const OF_ANSWERS = ANSWERS.map(({ name, answer, says }): Fault => ({
  name,
  when: ALWAYS,
  strike: hurt(everything(answer)),
  sentence: either(says),
}));

/** The same server behind another certificate; `mended` is how that ends. */
const certified = (mended: (place: Place, other: ReturnType<typeof newAuthority>) => void): Fault['strike'] => {
  return (place) => {
    const other = newAuthority(new Date(), 'somebody else');
    place.wire.certify(other);
    return () => mended(place, other);
  };
};

export const FAULTS: readonly Fault[] = [
  ...OF_ANSWERS,
  {
    name: 'connections are taken and nobody speaks, not even on those that stand',
    when: ALWAYS,
    strike: ({ wire }) => {
      wire.silent = true;
      return () => {
        wire.silent = false;
      };
    },
    sentence: either(NO_ANSWER),
  },
  {
    name: 'every connection is reset at its first request',
    when: ALWAYS,
    strike: hurt(() => ({ reset: true })),
    sentence: either(`the connection was cut; ${LASTS}`),
  },
  {
    name: 'no quorum: 504 after a minute',
    when: ALWAYS,
    strike: hurt((_, place) => ({
      answer: async () => {
        await passing(place, 60_000);
        return status(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout');
      },
    })),
    sentence: either(
      'Timeout: request did not complete within the allotted timeout; check etcd, which may have no quorum.',
    ),
  },
  {
    name: 'every answer takes 30 s',
    when: ['from the start'],
    strike: hurtGently((_, place, over) => ({ before: () => passing(place, 30_000, over) })),
    sentence: null,
    step: 0,
  },
  {
    name: 'a line of one byte a second',
    when: ['from the start'],
    strike: hurtGently((_, place, over) => ({ body: dripping(place, over) })),
    sentence: null,
    step: 10_000,
  },
  {
    name: 'a list of half a JSON document',
    when: ['from the start'],
    strike: hurt((passed) => (passed.watch ? undefined : { json: true, body: half })),
    sentence: atServer('the answer is no JSON; look for a proxy in between.'),
  },
  {
    name: 'a list of half a protobuf message',
    when: ['from the start'],
    strike: hurt((passed) => (lists(passed) ? { body: half } : undefined)),
    sentence:
      /Cannot list nodes at SERVER: (what came is no protobuf of the Kubernetes API .+|the answer is no .+); look for a proxy in between\./,
  },
  {
    name: 'watches that end in the middle of a line',
    when: ['once live'],
    strike: hurt((passed) => (passed.watch ? { json: true, body: halfLine } : undefined)),
    sentence: null,
    finds: true,
  },
  {
    name: 'watches with a line of 40 MB',
    when: ['once live'],
    strike: hurt((passed) => (watches(passed) ? { json: true, body: longLine } : undefined)),
    sentence: /Cannot watch nodes at SERVER: a line passes \d+ bytes; look for a proxy in between\./,
    finds: true,
  },
  {
    name: 'watches whose version has expired (410)',
    when: ['once live'],
    strike: hurt((passed) => (passed.watch ? { json: true, body: tooOld } : undefined)),
    sentence: atServer('too old resource version: 1 (9); read it anew.', 'watch'),
    finds: true,
  },
  {
    name: 'the server moved, and the kubeconfig was rewritten',
    when: ['once live'],
    strike: async ({ wire, write, box }) => {
      await wire.close();
      return () => write(box.kubeconfig());
    },
    sentence: atServer(
      'the connection was refused; check that kube-apiserver runs there and that the kubeconfig names the right address.',
      'watch',
    ),
  },
  {
    name: 'the certificate changed, until the old one is back',
    when: ['once live'],
    strike: certified(({ wire }) => wire.certify()),
    sentence: atServer(FOREIGN, 'watch'),
  },
  {
    name: 'the certificate changed, until the kubeconfig knows it',
    when: ['once live'],
    strike: certified(({ wire, write }, other) =>
      write(
        wire
          .kubeconfig()
          .replace(/certificate-authority-data: \S+/, `certificate-authority-data: ${encoded(other.caPem)}`),
      ),
    ),
    sentence: atServer(FOREIGN, 'watch'),
  },
];

export const stepOf = ({ step }: Fault): number => step ?? LONGEST_WAIT;
