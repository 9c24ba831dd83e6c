import { describe, expect, test } from 'vitest';
import { socketFailure, statusFailure, type FailureKind } from '../../../source/links/kubernetes/failure.ts';

const asked = { what: 'list nodes', server: 'https://192.0.2.1:6443' };
const withCode = (code: string) => Object.assign(new Error(code), { code });
const status = (code: number, message: string, more: object = {}) =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code, ...more });

describe('an error of the network', () => {
  test.each<[string, FailureKind, RegExp]>([
    ['ECONNREFUSED', 'refused', /refused; check that kube-apiserver runs/],
    ['ENOTFOUND', 'unreachable', /DNS does not know/],
    ['EAI_AGAIN', 'unreachable', /DNS does not answer/],
    ['EHOSTUNREACH', 'unreachable', /no route/],
    ['ENETUNREACH', 'unreachable', /no route/],
    ['ECONNRESET', 'unreachable', /cut/],
    ['EPIPE', 'unreachable', /cut/],
    ['ETIMEDOUT', 'timeout', /in time/],
    ['CERT_HAS_EXPIRED', 'certificate', /has expired/],
    ['CERT_NOT_YET_VALID', 'certificate', /clocks/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', /not signed by the CA/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate', /not signed by the CA/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', /not signed by the CA/],
    ['UNABLE_TO_GET_CRL', 'certificate', /not signed by the CA/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', /does not name that address/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'certificate', /refused the client certificate/],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'certificate', /refused the client certificate/],
    ['ERR_OSSL_PEM_NO_START_LINE', 'certificate', /whole PEM/],
    ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'certificate', /belong together/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'protocol', /does not speak TLS/],
    ['HPE_INVALID_CONSTANT', 'protocol', /not proper HTTP/],
    ['Z_BUF_ERROR', 'protocol', /broke off/],
    ['ESOMETHING', 'unreachable', /ESOMETHING/],
  ])('%s is %s', (code, kind, words) => {
    const failure = socketFailure(withCode(code), asked, false);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(/^Cannot list nodes at https:\/\/192\.0\.2\.1:6443: .+; .+\.$/);
    expect(failure.message).toMatch(words);
    expect(failure).toMatchObject({ status: null, retryAfter: null, sent: false });
  });

  test('keeps whether the request may have arrived', () => {
    expect(socketFailure(withCode('ECONNRESET'), asked, true).sent).toBe(true);
  });
});

describe('an answer that is no success', () => {
  test.each<[number, string, FailureKind]>([
    [400, status(400, 'bad'), 'invalid'],
    [401, status(401, 'Unauthorized'), 'unauthorized'],
    [403, status(403, 'nodes is forbidden'), 'forbidden'],
    [404, status(404, 'nodes "a" not found'), 'not-found'],
    [404, '404 page not found\n', 'not-found'],
    [409, status(409, 'changed'), 'conflict'],
    [410, status(410, 'too old'), 'gone'],
    [413, status(413, 'too large'), 'invalid'],
    [422, status(422, 'is invalid'), 'invalid'],
    [429, 'Too many requests, please try again later.\n', 'throttled'],
    [429, status(429, 'storage is (re)initializing'), 'starting'],
    [500, status(500, 'database space exceeded'), 'server'],
    [502, '<html>Bad Gateway</html>', 'server'],
    [503, 'service unavailable\n', 'starting'],
    [503, '<html>No server is available</html>', 'starting'],
    [504, status(504, 'Timeout: request did not complete'), 'timeout'],
    [302, '', 'protocol'],
    [403, '<!DOCTYPE html><title>Blocked by the proxy</title>', 'protocol'],
    [500, '{"kind": "Status", "mess', 'server'],
  ])('%i %s is %s', (code, body, kind) => {
    const failure = statusFailure(asked, { status: code, body });
    expect(failure.kind).toBe(kind);
    expect(failure.status).toBe(code);
    expect(failure.message).toMatch(/^Cannot list nodes at [^ ]+: .+; .+\.$/);
  });

  const RBAC = (user: string, right: string) => `is forbidden: User "${user}" cannot ${right}`;
  test.each([
    [
      `pods ${RBAC('x', 'list resource "pods" in API group "" at the cluster scope')}`,
      'user "x" has no right to list pods (403)',
    ],
    [
      `leases ${RBAC('x', 'list resource "leases" in API group "coordination.k8s.io" in the namespace "kube-system"')}`,
      'user "x" has no right to list leases.coordination.k8s.io in the namespace "kube-system" (403)',
    ],
    [
      `nodes "a" ${RBAC('x', 'patch resource "nodes" in API group "" at the cluster scope')}: RBAC: clusterrole "y" not found`,
      'user "x" has no right to patch nodes (403, RBAC: clusterrole "y" not found)',
    ],
    [
      `nodes ${RBAC('system:anonymous', 'list resource "nodes" in API group "" at the cluster scope')}`,
      'the server was given no login, and "system:anonymous" may not list nodes (403)',
    ],
    [
      'admission webhook "w" denied the request: not on Fridays',
      'admission webhook "w" denied the request: not on Fridays',
    ],
  ])('403 %s', (message, cause) => {
    const failure = statusFailure(asked, { status: 403, body: status(403, message) });
    expect(failure.message).toContain(`https://192.0.2.1:6443: ${cause}; `);
    expect(failure.detail).toBe(message);
  });

  test('keeps the words, the causes and the wait of a Status', () => {
    const body = status(422, 'Node "a" is invalid', {
      details: {
        causes: [{ reason: 'FieldValueInvalid', message: 'bad', field: 'metadata.labels' }],
        retryAfterSeconds: 2,
      },
    });
    expect(statusFailure(asked, { status: 422, body })).toMatchObject({
      detail: 'Node "a" is invalid',
      causes: [{ reason: 'FieldValueInvalid', message: 'bad', field: 'metadata.labels' }],
      retryAfter: 2_000,
    });
  });

  test.each([
    ['5', 5_000],
    [' 5 ', 5_000],
    ['', null],
    ['soon', null],
    ['-1', null],
    ['99999999999999999999', null],
    [undefined, null],
  ])('Retry-After %s waits %s ms', (retryAfter, wait) => {
    expect(statusFailure(asked, { status: 503, body: '', retryAfter }).retryAfter).toBe(wait);
  });

  test('bounds what a hostile server says', () => {
    expect(statusFailure(asked, { status: 403, body: status(403, 'x'.repeat(1_000_000)) }).message.length).toBeLessThan(
      5_000,
    );
  });
});
