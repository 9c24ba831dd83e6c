import { describe, expect, it } from 'vitest';
import { certificates } from '../../../source/checks/verdict/certificates.ts';
import { absent, denied, known, valueOf } from '../../../source/model/reading.ts';
import { renewalOf } from '../../../source/product/certificates.ts';
import type { CertificateStanding } from '../../../source/state/control-plane.ts';
import { certificate, controlPlaneOf, NOW, sightOf } from './made-sight.ts';

/** A certificate of a year with so many days left, as the product's rule of renewal has it. */
const ending = (days: number): CertificateStanding => {
  const made = certificate(days);
  const end = valueOf(made.certificate);
  return end === null ? made : { ...made, renewal: renewalOf(end, NOW) };
};
const unread: CertificateStanding = {
  ...certificate(0, { where: 'https://10.1.0.12:6443', node: 'master-2' }),
  certificate: absent('no answer within 3 s'),
  daysLeft: null,
  renewal: null,
};
const judge = (...all: readonly CertificateStanding[]) =>
  certificates(sightOf({ controlPlane: controlPlaneOf({ certificates: all }) }));

describe('certificates', () => {
  it.each([
    [300, 'healthy', 'certificates 300d', []],
    [91, 'healthy', 'certificates 91d', []],
    [89, 'healthy', 'certificates 89d', ['API server (master-1) ends in 89d, renewal due']],
    [46, 'healthy', 'certificates 46d', ['API server (master-1) ends in 46d, renewal due']],
    [
      44,
      'degraded',
      'certificates 44d: API server (master-1) ends in 44d and should have been renewed',
      ['API server (master-1) ends in 44d and should have been renewed'],
    ],
    [-1, 'at-risk', 'certificates: API server (master-1) has ended', ['API server (master-1) has ended']],
    [-4, 'at-risk', 'certificates: API server (master-1) ended 3d ago', ['API server (master-1) ended 3d ago']],
  ])('with %i days left', (days, verdict, sentence, reasons) => {
    const judged = judge(ending(days), ending(310));
    expect(judged).toMatchObject({ verdict, sentence });
    expect(judged.reasons.map((reason) => reason.sentence)).toEqual(reasons);
  });

  it('that hold only later are a risk, and the clock may be to blame', () => {
    expect(judge(certificate(300, { renewal: 'not-yet-valid' }))).toMatchObject({
      verdict: 'at-risk',
      sentence: expect.stringContaining('does not hold yet by the clock of this machine') as string,
    });
  });

  it('that nobody vouches for are told', () => {
    const end = valueOf(certificate(300).certificate);
    if (end === null) throw new Error('made with an end');
    const judged = judge(certificate(300, { certificate: known({ ...end, distrust: 'another CA signed it' }) }));
    expect(judged).toMatchObject({
      verdict: 'degraded',
      sentence: 'certificates 300d: API server (master-1) is not trusted: another CA signed it',
    });
  });

  it('that cannot be read are told beside those that can, and are unknown without them', () => {
    expect(judge(ending(300), unread)).toMatchObject({
      verdict: 'healthy',
      sentence: 'certificates 300d, 1 not read',
      reasons: [{ severity: 'unknown', sentence: 'API server (master-2): no answer within 3 s', next: null }],
    });
    expect(judge(ending(44), unread)).toMatchObject({
      verdict: 'degraded',
      sentence: 'certificates 44d, 1 not read: API server (master-1) ends in 44d and should have been renewed',
    });
    expect(judge(ending(-1), unread).sentence).toBe('certificates, 1 not read: API server (master-1) has ended');
    expect(judge(unread)).toMatchObject({ verdict: 'unknown' });
    const refused = judge({ ...unread, certificate: denied('get jobs') });
    expect(refused.sentence).toBe('certificates: none can be read');
    expect(refused.reasons.at(-1)?.sentence).toMatch(/the right "get jobs" is missing$/);
    expect(judge()).toMatchObject({ verdict: 'unknown', sentence: 'certificates: none was read yet' });
  });

  it('that clients show to an API server are told by what it counts', () => {
    const DAYS = 86_400;
    const clients = (below: number | null) => {
      const told = { where: 'https://10.1.0.11:6443', since: 1, requests: 9, atLeast: 60, below };
      const judged = certificates(
        sightOf({ controlPlane: controlPlaneOf({ certificates: [ending(300)], clients: known(told) }) }),
      );
      return [judged.verdict, ...judged.reasons.map(({ sentence }) => sentence)];
    };
    expect(clients(30 * DAYS)).toEqual([
      'degraded',
      'a client certificate in use ends in less than 30d and should have been renewed',
    ]);
    expect(clients(90 * DAYS)).toEqual(['healthy', 'a client certificate in use ends in less than 90d, renewal due']);
    expect(clients(365 * DAYS)).toEqual(['healthy']);
    expect(clients(null)).toEqual(['healthy']);
  });

  it('that could not be verified are told', () => {
    const end = valueOf(certificate(300).certificate);
    if (end === null) throw new Error('made with an end');
    const judged = judge(certificate(300, { certificate: known({ ...end, unverified: 'the kubeconfig has no CA' }) }));
    expect(judged).toMatchObject({
      verdict: 'healthy',
      reasons: [{ severity: 'healthy', sentence: 'API server (master-1) is not verified: the kubeconfig has no CA' }],
    });
  });
});
