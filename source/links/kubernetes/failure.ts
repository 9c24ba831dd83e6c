import { asArray, asName, asNumber, asObject, asText, asTime } from './fields.ts';

export type FailureKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  /** The server understood the request and will not have it (400, 405, 406, 413, 415, 422). */
  | 'invalid'
  /** The resource version or page token has expired. */
  | 'gone'
  | 'throttled'
  /** The server, or its storage, is not ready yet. */
  | 'starting'
  | 'server'
  | 'timeout'
  | 'refused'
  /** No name, no route, or a connection that was cut. */
  | 'unreachable'
  | 'certificate'
  /** What came is not the Kubernetes API, or only a part of it. */
  | 'protocol'
  /** A write was sent and no answer came: it may have been done. */
  | 'unknown-outcome';

type Details = {
  readonly kind: FailureKind;
  readonly message: string;
  readonly what?: string | null;
  readonly status?: number | null;
  readonly retryAfter?: number | null;
  readonly serverTime?: number | null;
  readonly causes?: readonly FailureCause[];
  readonly continueWith?: string | null;
  readonly detail?: string | null;
  readonly sent?: boolean;
  readonly cause?: unknown;
};

/** One entry of a Status body's `details.causes`. */
export type FailureCause = { readonly reason: string; readonly message: string; readonly field: string };

/** Why something asked of the API server did not come about. `message` is one sentence for people. */
export class LinkFailure extends Error {
  override readonly name = 'LinkFailure';
  readonly kind: FailureKind;
  /** What was asked, as `message` says it; null when it does not. */
  readonly what: string | null;
  /** HTTP status, or the code of a watch's ERROR event; null when no answer came. */
  readonly status: number | null;
  /** Milliseconds that the server asks to wait; null when it does not say. */
  readonly retryAfter: number | null;
  /** The server's own clock when it answered, ms since the epoch; null when it did not say. */
  readonly serverTime: number | null;
  readonly causes: readonly FailureCause[];
  /** Of a list whose page token has expired: the token of the same page as it is now. */
  readonly continueWith: string | null;
  /** The server's own words; null when it gave none. */
  readonly detail: string | null;
  /** Whether the request may have reached the server. */
  readonly sent: boolean;

  constructor(details: Details) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = details.kind;
    this.what = details.what ?? null;
    this.status = details.status ?? null;
    this.retryAfter = details.retryAfter ?? null;
    this.serverTime = details.serverTime ?? null;
    this.causes = details.causes ?? [];
    this.continueWith = details.continueWith ?? null;
    this.detail = details.detail ?? null;
    this.sent = details.sent ?? false;
  }

  /** The same failure, told in other words and perhaps as another kind. */
  reworded(message: string, kind: FailureKind = this.kind): LinkFailure {
    const { what, status, retryAfter, serverTime, causes, continueWith, detail, sent } = this;
    const same = { what, status, retryAfter, serverTime, causes, continueWith, detail, sent };
    return new LinkFailure({ ...same, kind, message, cause: this });
  }

  /** What the same failure is to another question, as in "watch nodes". */
  asking(what: string): LinkFailure {
    const begins = this.what === null ? null : beginning(this.what);
    if (begins === null || !this.message.startsWith(begins)) return this;
    return this.reworded(beginning(what) + this.message.slice(begins.length));
  }
}

/** What was asked of whom, for the sentence: as in "list nodes" and "https://192.0.2.1:6443". */
export type Asked = {
  readonly what: string;
  readonly server: string;
  /** The proxy on the way there, and what names it. */
  readonly proxy?: { readonly address: string; readonly named: string } | null;
};

type Cause = { readonly kind: FailureKind; readonly cause: string; readonly remedy: string };

const beginning = (what: string) => `Cannot ${what} at `;

const sentence = (asked: Asked, { cause, remedy }: Cause) =>
  `${beginning(asked.what)}${asked.server}: ${cause}; ${remedy}.`;

/** The same where a proxy may be to blame, which is then named. */
const sentenceOnTheWay = (asked: Asked, cause: Cause) =>
  sentence(
    asked.proxy ? { ...asked, server: `${asked.server} through the proxy ${asked.proxy.address}` } : asked,
    cause,
  );

const CHECK_SERVER = 'check that kube-apiserver runs there and that the kubeconfig names the right address';
const CHECK_NETWORK = 'check the network and the server address in the kubeconfig';
const CHECK_CA = "check certificate-authority in the kubeconfig against the cluster's own CA";
const LASTS = 'look at kube-apiserver there if that lasts';
const PROXY = 'look for a proxy in between';

const refused = { kind: 'refused', cause: 'the connection was refused', remedy: CHECK_SERVER } as const;
const noRoute = { kind: 'unreachable', cause: 'there is no route to it', remedy: CHECK_NETWORK } as const;
const cut = { kind: 'unreachable', cause: 'the connection was cut', remedy: LASTS } as const;
const wrongAuthority = {
  kind: 'certificate',
  cause: 'its certificate is not signed by the CA that the kubeconfig names',
  remedy: CHECK_CA,
} as const;
const notTls = {
  kind: 'protocol',
  cause: 'what listens there does not speak TLS',
  remedy: 'check the scheme and the port of the server in the kubeconfig',
} as const;
const notHttp = { kind: 'protocol', cause: 'the answer is not proper HTTP', remedy: CHECK_SERVER } as const;
const brokenOff = { kind: 'protocol', cause: 'the answer broke off', remedy: LASTS } as const;

/** Codes of Node's sockets, DNS and TLS, with what they mean for an operator. */
const SOCKET_CAUSES: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: refused,
  ENOTFOUND: { kind: 'unreachable', cause: 'DNS does not know that name', remedy: CHECK_NETWORK },
  EAI_AGAIN: { kind: 'unreachable', cause: 'DNS does not answer', remedy: 'check the resolver of this machine' },
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ENETDOWN: noRoute,
  EHOSTDOWN: noRoute,
  EADDRNOTAVAIL: noRoute,
  ECONNRESET: cut,
  ECONNABORTED: cut,
  EPIPE: cut,
  ERR_STREAM_PREMATURE_CLOSE: cut,
  ETIMEDOUT: { kind: 'timeout', cause: 'no answer came in time', remedy: CHECK_NETWORK },
  ERR_INVALID_URL: { kind: 'unreachable', cause: 'that is no address', remedy: CHECK_NETWORK },
  ERR_INVALID_CHAR: {
    kind: 'unreachable',
    cause: 'the login holds a character that no header may',
    remedy: 'check the token of this user in the kubeconfig',
  },
  CERT_HAS_EXPIRED: {
    kind: 'certificate',
    cause: 'its certificate has expired',
    remedy: 'renew it on that machine, or check the clock of this one',
  },
  CERT_NOT_YET_VALID: {
    kind: 'certificate',
    cause: 'its certificate is not valid yet',
    remedy: 'compare the clocks of both machines',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: wrongAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: wrongAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: wrongAuthority,
  UNABLE_TO_GET_ISSUER_CERT: wrongAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: wrongAuthority,
  CERT_SIGNATURE_FAILURE: wrongAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'certificate',
    cause: 'its certificate does not name that address',
    remedy: 'use an address that it names, or set tls-server-name in the kubeconfig',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  EPROTO: notTls,
  Z_BUF_ERROR: brokenOff,
  Z_DATA_ERROR: brokenOff,
};

/** Families of codes, tried in order when the code itself is not in the table. */
const CODE_FAMILIES: readonly (readonly [RegExp, Cause])[] = [
  [
    /^ERR_SSL_.*ALERT/,
    {
      kind: 'certificate',
      cause: 'the server refused the client certificate',
      remedy: 'check client-certificate and client-key in the kubeconfig',
    },
  ],
  [
    /^ERR_OSSL_/,
    {
      kind: 'certificate',
      cause: 'the CA, certificate or key in the kubeconfig cannot be used',
      remedy: 'check that each is whole PEM and that key and certificate belong together',
    },
  ],
  [/^(CERT|CRL|UNABLE|INVALID_CA|INVALID_PURPOSE|HOSTNAME)_/, wrongAuthority],
  [/^ERR_SSL_/, notTls],
  [/^HPE_/, notHttp],
];

/** Turns an error of a socket, of DNS or of TLS into a failure. `sent`: the request may have reached the server. */
export function socketFailure(error: unknown, asked: Asked, sent: boolean): LinkFailure {
  if (error instanceof LinkFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = (sent ? null : proxyCause(error, code, asked)) ??
    causeOf(code) ?? {
      kind: 'unreachable',
      cause: `the connection failed (${code || (error instanceof Error ? error.name : 'no code')})`,
      remedy: CHECK_NETWORK,
    };
  return new LinkFailure({
    kind: cause.kind,
    message: sentenceOnTheWay(asked, cause),
    what: asked.what,
    sent,
    cause: error,
  });
}

/** What an error of a socket, of DNS or of TLS means, by its code, as a clause; null for a code that is not known. */
export const socketCause = (code: string): string | null => causeOf(code)?.cause ?? null;

const causeOf = (code: string): Cause | undefined =>
  SOCKET_CAUSES[code] ?? CODE_FAMILIES.find(([family]) => family.test(code))?.[1];

/** How a connection to a proxy fails, by what the same error means of a server; its TLS is the server's own. */
const PROXY_CAUSES: Readonly<Partial<Record<FailureKind, string>>> = {
  refused: 'the proxy refused the connection',
  unreachable: 'the proxy cannot be reached',
  timeout: 'the proxy gave no connection in time',
};

/** Until a connection stands, whatever fails but TLS is the proxy's, if there is one. */
function proxyCause(error: unknown, code: string, { proxy }: Asked): Cause | null {
  if (!proxy) return null;
  const known = SOCKET_CAUSES[code];
  const cause = known ? PROXY_CAUSES[known.kind] : noWay(error, code);
  if (cause === undefined) return null;
  const kind = known?.kind ?? 'unreachable';
  return { kind, cause, remedy: `check ${proxy.named} and that the proxy lets through to that server` };
}

/** What a proxy did in place of opening a way: such errors have no code, and that of HTTP ends in its status. */
function noWay(error: unknown, code: string): string | undefined {
  if (!(error instanceof Error) || code !== '') return undefined;
  const status = /^Bad response: (\d{3})$/.exec(error.message)?.[1];
  if (status === '407') return 'the proxy wants a user and a password in its address (407)';
  return `the proxy opens no way there${status === undefined ? '' : ` (${status})`}`;
}

/** A body that ended early or is not what the Kubernetes API sends. */
export const protocolFailure = (asked: Asked, what: string, cause?: unknown) =>
  new LinkFailure({
    kind: 'protocol',
    message: sentenceOnTheWay(asked, { kind: 'protocol', cause: what, remedy: PROXY }),
    what: asked.what,
    sent: true,
    cause,
  });

const STATUS_KINDS: Readonly<Record<number, FailureKind>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'invalid',
  406: 'invalid',
  408: 'timeout',
  409: 'conflict',
  410: 'gone',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'throttled',
  503: 'starting',
  504: 'timeout',
};

const kindOfStatus = (status: number): FailureKind => STATUS_KINDS[status] ?? (status >= 500 ? 'server' : 'protocol');

/** What to say and advise for each kind of answer; `detail` is the server's own words. */
const ANSWERS: Readonly<Partial<Record<FailureKind, (detail: string) => Omit<Cause, 'kind'>>>> = {
  unauthorized: () => ({
    cause: 'the server does not accept the credentials (401)',
    remedy: 'renew the certificate or token of this user in the kubeconfig',
  }),
  forbidden,
  'not-found': (detail) => ({
    cause: detail || 'there is no such thing (404)',
    remedy: 'check the name',
  }),
  conflict: (detail) => ({ cause: detail || 'somebody changed it meanwhile (409)', remedy: 'look again and retry' }),
  invalid: (detail) => ({ cause: detail || 'the server refuses the request', remedy: 'change what is asked' }),
  gone: (detail) => ({ cause: detail || 'that version has expired (410)', remedy: 'read it anew' }),
  throttled: () => ({ cause: 'the server asks to slow down (429)', remedy: LASTS }),
  starting: (detail) => ({ cause: `the server is not ready${detail && ` (${detail})`}`, remedy: LASTS }),
  timeout: (detail) => ({
    cause: detail || 'the server gave up waiting (504)',
    remedy: 'check etcd, which may have no quorum',
  }),
};

const ANONYMOUS = 'system:anonymous';

/** The words of RBAC, as in `pods is forbidden: User "x" cannot list resource "pods" in API group "" at the cluster scope`. */
const MISSING_RIGHT =
  /User "([^"]*)" cannot (\S+) resource "([^"]*)"(?: in API group "([^"]*)")?(?: at the cluster scope| (in the namespace "[^"]*"))?(?:: (.+))?$/s;

/** The right that a failure says is missing, as verb and resource; null when it says none. */
export function rightIn({ kind, detail }: LinkFailure): string | null {
  const right = kind === 'forbidden' ? MISSING_RIGHT.exec(detail ?? '') : null;
  return right === null ? null : `${right[2]} ${right[3]}`;
}

/** Who lacks which right; the server's own words where it is not RBAC that forbids. */
function forbidden(detail: string): Omit<Cause, 'kind'> {
  const right = MISSING_RIGHT.exec(detail);
  if (right === null)
    return { cause: detail || 'this is forbidden (403)', remedy: 'ask an administrator for that right' };
  const [, user = '', verb, resource, group = '', where = '', more = ''] = right;
  if (user === ANONYMOUS)
    return {
      cause: `the server was given no login, and "${ANONYMOUS}" may not ${verb} ${resource} (403)`,
      remedy: 'give the user in the kubeconfig a certificate or a token',
    };
  const what = [verb, group === '' ? resource : `${resource}.${group}`, where].filter(Boolean).join(' ');
  return {
    cause: `user "${user}" has no right to ${what} (403${more && `, ${more}`})`,
    remedy: 'ask an administrator for it',
  };
}

/** A write left and what came back does not say what became of it: nothing, a cut, or etcd running out of time. */
export function mayHaveBeenDone({ sent, status, detail, kind }: LinkFailure): boolean {
  if (!sent) return false;
  if (status === null || kind === 'protocol') return true;
  return status === 502 || status === 504 || (status === 500 && /timed out|leader changed/i.test(detail ?? ''));
}

const MAX_DETAIL = 4_000;

/**
 * Turns an HTTP answer that is no success, or the Status of a watch's ERROR event, into a failure.
 * `retryAfter` and `date` are headers (RFC 9110); a Status body can tell the first too. 429 "storage is (re)initializing"
 * and 503 are a server that is starting. A web page is a proxy's, whatever its status below 500.
 */
export function statusFailure(
  asked: Asked,
  answer: {
    readonly status: number;
    readonly body: string;
    readonly retryAfter?: string | undefined;
    readonly date?: string | undefined;
    readonly page?: boolean;
  },
): LinkFailure {
  const status = asStatus(answer.body);
  const detail = (status?.message ?? plainDetail(answer.body)).slice(0, MAX_DETAIL);
  const retryAfter = seconds(answer.retryAfter) ?? status?.retryAfter ?? null;
  const page = answer.page === true || /^\s*<(!doctype|html)/i.test(answer.body);
  const kind = kindOf(answer.status, detail, page);
  const words = page
    ? { cause: `a web page came instead of the Kubernetes API (${answer.status})`, remedy: PROXY }
    : (ANSWERS[kind]?.(trimmed(detail)) ?? {
        cause: `the server answered ${answer.status}${detail && `: ${trimmed(detail)}`}`,
        remedy: LASTS,
      });
  return new LinkFailure({
    kind,
    message: (page ? sentenceOnTheWay : sentence)(asked, { kind, ...words }),
    what: asked.what,
    status: answer.status,
    retryAfter,
    serverTime: asTime(answer.date),
    causes: status?.causes ?? [],
    continueWith: status?.continueWith ?? null,
    detail: detail === '' || page ? null : detail,
    sent: true,
  });
}

function kindOf(status: number, detail: string, page: boolean): FailureKind {
  if (page && status < 500) return 'protocol';
  if (status === 429 && /initializ/i.test(detail)) return 'starting';
  return kindOfStatus(status);
}

const plainDetail = (body: string) => (/^\s*[<{]/.test(body) ? '' : (body.trim().split('\n')[0] ?? ''));
const trimmed = (text: string) => text.trim().replace(/[.;]+$/, '');

function seconds(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,9}$/.test(header.trim())) return null;
  return Number(header) * 1_000;
}

function asStatus(body: string) {
  const status = parsed(body);
  if (status?.['kind'] !== 'Status') return null;
  const details = asObject(status['details']);
  const wait = asNumber(details?.['retryAfterSeconds']);
  return {
    message: asText(status['message']),
    retryAfter: wait === null ? null : wait * 1_000,
    continueWith: asName(asObject(status['metadata'])?.['continue']),
    causes: asArray(details?.['causes']).map((entry) => {
      const cause = asObject(entry);
      return {
        reason: asText(cause?.['reason']),
        message: asText(cause?.['message']),
        field: asText(cause?.['field']),
      };
    }),
  };
}

function parsed(body: string) {
  if (!body.trimStart().startsWith('{')) return null;
  try {
    return asObject(JSON.parse(body));
  } catch {
    // A cut or foreign body is told by its status alone.
    return null;
  }
}
