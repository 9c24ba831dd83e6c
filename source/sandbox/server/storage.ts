import type { SandboxClock } from '../clock.ts';
import type { Etcd } from '../world/etcd/etcd.ts';
import { TEXT_TYPE, whole, type Answer, type ApiRequest } from './answers.ts';
import type { Resource } from './resource.ts';
import { isWatch } from './route.ts';
import { Refusal } from './status.ts';

/** How long the API server waits for its storage, in ms: a write, and what is read from there. */
const WRITE_PATIENCE = 34_000;
const READ_PATIENCE = 60_000;
/** How often it looks whether etcd is back, in ms. */
const LOOK = 250;

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

const noSpace = (): Refusal => new Refusal(500, null, 'etcdserver: mvcc: database space exceeded');
const initializing = (): Refusal =>
  new Refusal(
    429,
    'TooManyRequests',
    'storage is (re)initializing',
    { retryAfterSeconds: 26 },
    { headers: { 'retry-after': '26' } },
  );
const writeTimeout = (): Refusal =>
  new Refusal(
    504,
    'Timeout',
    'Timeout: request did not complete within requested timeout - context deadline exceeded',
    {},
  );

/** The 504 of a read comes from a filter in front, which writes its own kind of Status. */
const READ_TIMEOUT = {
  metadata: {},
  status: 'Failure',
  message: 'Timeout: request did not complete within the allotted timeout',
  reason: 'Timeout',
  details: {},
  code: 504,
};

/** Resolves, true, as soon as more than half of the members run, or, false, after so many milliseconds. */
function quorumWithin(etcd: Etcd, clock: SandboxClock, milliseconds: number): Promise<boolean> {
  const until = clock.now() + milliseconds;
  return new Promise((resolve) => {
    const look = (): void => {
      if (etcd.hasQuorum || clock.now() >= until) resolve(etcd.hasQuorum);
      else clock.after(LOOK, look);
    };
    look();
  });
}

/** Whether the memory of the API server answers: a list of any recent version (Kubernetes: "Semantics for get and list"). */
function isFromMemory(query: URLSearchParams): boolean {
  const version = query.get('resourceVersion') ?? '';
  if (version === '' || query.has('continue') || query.get('resourceVersionMatch') === 'Exact') return false;
  return version === '0' || !query.has('limit');
}

/**
 * Lets a request pass when storage serves it, if need be after waiting for it. Answers the 504 of a read; throws what
 * is refused otherwise: a watch at once, a write after its patience, and a write that finds no room.
 */
export async function passStorage(
  { method, query }: ApiRequest,
  {
    resource,
    name,
    subresource,
  }: { resource: Pick<Resource, 'cached'>; name: string | null; subresource: string | null },
  { etcd, clock }: { etcd: Etcd; clock: SandboxClock },
): Promise<Answer | null> {
  const { refusal } = etcd;
  const reads = READS.has(method);
  if (refusal === null) return null;
  if (refusal === 'no space') {
    const writes = !reads && subresource !== 'proxy' && subresource !== 'exec' && !query.has('dryRun');
    if (writes) throw noSpace();
    return null;
  }
  if (reads && name === null) {
    if (isWatch(query)) throw initializing();
    if (resource.cached && isFromMemory(query)) return null;
  }
  if (await quorumWithin(etcd, clock, reads ? READ_PATIENCE : WRITE_PATIENCE)) return null;
  if (!reads) throw writeTimeout();
  return whole(504, `${JSON.stringify(READ_TIMEOUT)}\n`, TEXT_TYPE);
}
