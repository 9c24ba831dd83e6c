import type { CertificateStanding, ControlPlanePicture } from '../../state/control-plane.ts';
import { renewalOfClients, type Renewal } from '../../product/certificates.ts';
import { valueOf, whyNot } from '../../model/reading.ts';
import { age } from '../../text/age.ts';
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

const SECOND = 1_000;

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
    return [{ ...found('unknown', `: ${whyNot(certificate) ?? 'no end is told'}`), next: null, isAside: true }];
  const near = RENEWAL_WORDS[renewal];
  return [
    ...(near === null ? [] : [found(near.severity, ` ${near.words(daysLeft)}`)]),
    ...(value.distrust === null ? [] : [found('degraded', ` is not trusted: ${value.distrust}`)]),
    ...(value.unverified === null ? [] : [found('healthy', ` is not verified: ${value.unverified}`)]),
  ];
}

/** Client certificates of requests, of which an API server tells how long one of them holds at most. */
function clientFindings({ clients }: ControlPlanePicture): readonly Finding[] {
  const value = valueOf(clients);
  const below = value?.below ?? null;
  const near = value === null ? null : renewalOfClients(value);
  if (value === null || below === null || near === null) return [];
  const severity = RENEWAL_WORDS[near]?.severity;
  if (severity === undefined) return [];
  const words = near === 'overdue' ? 'and should have been renewed' : 'renewal due';
  return [
    {
      severity,
      sentence: `a client certificate in use ends in less than ${age(below * SECOND)}${near === 'overdue' ? ' ' : ', '}${words}`,
      next: { screen: 'control-plane', object: value.where },
    },
  ];
}

/**
 * The certificates that can be read, by when they end. Those that cannot be are counted and not known: they make the area
 * unknown only where none can be read, since a tunnel or a closed port hides most of them.
 */
export const certificates: Judge = ({ controlPlane }) => {
  const ends = controlPlane.certificates.flatMap(({ daysLeft }) => daysLeft ?? []);
  const shown = controlPlane.certificates.flatMap(findingsOf);
  const used = clientFindings(controlPlane);
  if (ends.length === 0) {
    const sentence = shown.length === 0 ? 'none was read yet' : 'none can be read';
    const none: Finding = { severity: 'unknown', sentence, next: { screen: 'control-plane', object: null } };
    return judged('certificates', 'certificates', [none, ...shown, ...used]);
  }
  const least = Math.min(...ends);
  const unread = controlPlane.certificates.length - ends.length;
  const headline = `certificates${least < 0 ? '' : ` ${least}d`}${unread === 0 ? '' : `, ${unread} not read`}`;
  return judged('certificates', headline, [...shown, ...used]);
};
