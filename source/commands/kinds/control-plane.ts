import { z } from 'zod';
import { VERDICTS } from '../../checks/verdict/verdict.ts';
import { RENEWALS } from '../../product/certificates.ts';
import { ROLES } from '../../product/roles.ts';
import { envelope, text, time, unknowable } from './pieces.ts';

const count = z.number();
const standing = z
  .enum(['serving', 'partly', 'down', 'missing', 'not-installed', 'unknown'])
  .describe('missing should be there, not-installed need not be');

const staticPod = z.strictObject({
  component: text,
  title: text,
  without: text.describe('what is lost on its node where it does not serve'),
  standing,
  ...unknowable(
    'pod',
    z.strictObject({
      name: text,
      status: text,
      readyContainers: count,
      containers: count,
      restarts: count,
    }),
  ),
});

const answer = z.strictObject({
  ok: z.boolean(),
  seconds: z.number(),
  failing: z.array(text).describe('checks that fail'),
  checks: z.array(z.strictObject({ name: text, ok: z.boolean() })),
});

const backupCopy = z.strictObject({
  job: text,
  node: text.nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  outcome: z.enum(['done', 'failed', 'running']),
});

export const certificate = z.strictObject({
  what: text,
  where: text.describe('an address, or what of the kubeconfig'),
  source: z.enum(['handshake', 'kubeconfig']).describe('how it is read'),
  node: text.nullable().describe('the node that shows it'),
  ...unknowable('subject', text),
  ...unknowable('from', time),
  ...unknowable('until', time),
  ...unknowable('daysLeft', count.describe('whole days; negative once it is over')),
  ...unknowable('renewal', z.enum(RENEWALS).describe('by the rules of the product')),
  ...unknowable('distrust', text.describe('why the CA of the kubeconfig does not vouch for it; null where it does')),
  ...unknowable('unverified', text.describe('why nobody was asked who vouches for it; null where somebody was')),
});

/** What is known of certificates besides those that are shown. */
const furtherCertificates = {
  ...unknowable(
    'clients',
    z
      .strictObject({
        where: text.describe('the API server that counts them'),
        since: time.nullable().describe('when the counting began; null for the start of the server'),
        requests: count,
        atLeast: z.number().nullable().describe('seconds that each of them held at least'),
        below: z.number().nullable().describe('seconds that one of them held no longer than; null where not known'),
        renewal: z
          .enum(RENEWALS)
          .nullable()
          .describe(
            'of the one that ends first; null where it may be in use no more, or all hold longer than is counted',
          ),
      })
      .describe('client certificates of requests, from the metrics of the API server in use'),
  ),
  ...unknowable(
    'unread',
    z
      .array(
        z.strictObject({
          what: text,
          role: z.enum(ROLES).nullable().describe('whose nodes have it; null for every node'),
          nodes: count,
          file: text.nullable(),
          daysLeft: z.null(),
          daysLeftWhy: text,
        }),
      )
      .describe('certificates of the product that nobody shows'),
  ),
};

/** What runs the cluster, etcd left aside. */
export const controlPlane = z.strictObject({
  ...envelope('ControlPlane'),
  verdict: z.enum(VERDICTS),
  sentence: text.describe('the verdict in words'),
  ...unknowable(
    'nodes',
    z.array(z.strictObject({ node: text, roles: z.array(z.enum(ROLES)), staticPods: z.array(staticPod) })),
  ),
  apiServers: z.array(
    z.strictObject({
      address: text,
      node: text.nullable(),
      lostSince: time.nullable().describe('since when it does not answer'),
      ...unknowable('live', answer),
      ...unknowable('ready', answer),
    }),
  ),
  leaders: z.array(
    z.strictObject({
      name: text,
      standing: z.enum(['held', 'lapsed', 'free', 'missing', 'unknown']),
      node: text.nullable(),
      ...unknowable('holder', text),
      ...unknowable('renewedAt', time),
      age: z.number().nullable().describe('seconds since the last renewal, when it was asked'),
    }),
  ),
  services: z.array(
    z.strictObject({
      title: text,
      kind: text,
      namespace: text,
      name: text,
      without: text.describe('what is lost where it does not serve'),
      standing,
      ...unknowable('serving', count),
      ...unknowable('wanted', count),
    }),
  ),
  certificates: z.array(certificate),
  ...furtherCertificates,
  ...unknowable(
    'backup',
    z.strictObject({
      newest: backupCopy.nullable().describe('null where no archive was copied'),
      age: z.number().nullable().describe('seconds since the newest ended'),
      copies: z.array(backupCopy).describe('the last of each node'),
    }),
  ),
});
export type ControlPlaneDocument = z.infer<typeof controlPlane>;

/** Certificates with what is left of their time, what ends first is first. */
export const certificates = z.strictObject({
  ...envelope('Certificates'),
  verdict: z.enum(VERDICTS),
  sentence: text.describe('the verdict in words'),
  items: z.array(certificate),
  ...furtherCertificates,
});
export type CertificatesDocument = z.infer<typeof certificates>;
