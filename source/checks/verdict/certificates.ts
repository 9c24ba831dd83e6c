import type { CertificateStanding } from '../../state/control-plane.ts';
import type { Renewal } from '../../product/certificates.ts';
import { valueOf, whyNot } from '../../model/reading.ts';
import { judged, type Finding } from './judged.ts';
import type { Judge } from './sight.ts';
import type { Verdict } from './verdict.ts';

/** How bad it is how near the end of a certificate is, and in which words; null where there is nothing to say. */
const RENEWAL_WORDS: Readonly<
  Record<Renewal, { readonly severity: Verdict; readonly words: (days: number) => string } | null>
> = {
  expired: { severity: 'at-risk', words: (days) => (days === -1 ? 'has ended' : `ended ${-days - 1}d ago`) },
  'not-yet-valid': { severity: 'at-risk', words: () => 'does not hold yet by the clock of this machine' },
  overdue: { severity: 'degraded', words: (days) => `ends in ${days}d and should have been renewed` },
  due: { severity: 'healthy', words: (days) => `ends in ${days}d, renewal due` },
  'not-due': null,
};

const nameOf = ({ what, node, where }: CertificateStanding): string => `${what} (${node ?? where})`;

function findingsOf(standing: CertificateStanding): readonly Finding[] {
  const { certificate, renewal, daysLeft, where } = standing;
  const found = (severity: Verdict, words: string): Finding => ({
    severity,
    sentence: `${nameOf(standing)}${words}`,
    next: { screen: 'control-plane', object: where },
  });
  const value = valueOf(certificate);
  if (value === null || daysLeft === null || renewal === null)
    return [found('healthy', `: ${whyNot(certificate) ?? 'no end is told'}`)];
  const near = RENEWAL_WORDS[renewal];
  return [
    ...(near === null ? [] : [found(near.severity, ` ${near.words(daysLeft)}`)]),
    ...(value.distrust === null ? [] : [found('degraded', ` is not trusted: ${value.distrust}`)]),
  ];
}

/** The certificates that can be read, by when they end; those that cannot be are told, unless none can. */
export const certificates: Judge = ({ controlPlane }) => {
  const ends = controlPlane.certificates.map(({ daysLeft }) => daysLeft).filter((days) => days !== null);
  const findings = controlPlane.certificates.flatMap(findingsOf);
  if (ends.length === 0) {
    const [first] = findings;
    const sentence = first?.sentence ?? 'none was read yet';
    return judged('certificates', 'certificates', [
      { severity: 'unknown', sentence, next: { screen: 'control-plane', object: null } },
    ]);
  }
  const least = Math.min(...ends);
  return judged('certificates', least < 0 ? 'certificates' : `certificates ${least}d`, findings);
};
