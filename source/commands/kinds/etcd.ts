import { z } from 'zod';
import { VERDICTS } from '../../checks/verdict/verdict.ts';
import { envelope, text, time, unknowable } from './pieces.ts';

const bytes = z.number().describe('bytes');
const seconds = z.number().describe('seconds, the 99th percentile');
const count = z.number();

const learnt = z
  .strictObject({
    source: text.nullable().describe('null while nothing was told'),
    at: time.nullable(),
    lostSince: time.nullable().describe('since when there is no answer'),
    lostWhy: text.nullable(),
  })
  .describe('who told it, and when');

const member = z.strictObject({
  ...unknowable('id', text.describe('hex')),
  name: text.describe('empty before the member has joined'),
  ...unknowable('node', text),
  ...unknowable('role', z.enum(['leader', 'follower', 'learner', 'not-started'])),
  votes: z.boolean().describe('counts towards the quorum'),
  clientUrls: z.array(text),
  ...unknowable('version', text),
  ...unknowable('healthy', z.boolean()),
  ...unknowable('reason', text.describe('why it is not healthy, as the member says it; empty when it is')),
  healthSince: time.nullable().describe('since when it is as healthy, as unhealthy or as silent as it is'),
  ...unknowable('dbSize', bytes),
  ...unknowable('dbSizeInUse', bytes),
  ...unknowable('quota', bytes),
  ...unknowable('fragmentation', z.number().describe('the part of the file that is free inside, 0 to 1')),
  ...unknowable('fsyncP99', seconds.describe('seconds, the 99th percentile of WAL fsync')),
  ...unknowable('commitP99', seconds.describe('seconds, the 99th percentile of backend commit')),
  ...unknowable('peerRtt', seconds.describe('seconds, the 99th percentile to the slowest peer')),
  ...unknowable('raftIndexLag', count.describe('proposals that it has yet to apply')),
  ...unknowable('alarms', z.array(text)),
  lastHour: z
    .strictObject({
      seconds: z.number().nullable().describe('how much of the hour was seen'),
      ...unknowable('leaderChanges', count),
      ...unknowable('failedProposals', count),
      ...unknowable('slowApplies', count),
      ...unknowable('peerFailures', count),
    })
    .describe('what was counted'),
  figuresFrom: learnt,
  healthFrom: learnt,
});

/** The members of etcd, their quorum, and what is wrong with them. */
export const etcd = z.strictObject({
  ...envelope('Etcd'),
  verdict: z.enum(VERDICTS),
  sentence: text.describe('the verdict in words'),
  ...unknowable('clusterId', text.describe('hex')),
  members: z.array(member),
  ...unknowable('quorum', count.describe('members that are needed')),
  ...unknowable('voters', count),
  ...unknowable('healthyVoters', count),
  ...unknowable('canLose', count.describe('how many more may fail before nothing can be written')),
  ...unknowable('hasQuorum', z.boolean()),
  ...unknowable('leader', text.describe('id of the member that leads; null without leaderWhy: there is no leader')),
  ...unknowable('alarms', z.array(z.strictObject({ member: text.nullable().describe('id, or the node'), kind: text }))),
  ...unknowable(
    'growth',
    z.strictObject({
      member: text.describe('id, or the node, of the one that is full first'),
      bytesPerDay: z.number(),
      fullAt: time.nullable().describe('null while it does not grow'),
    }),
  ),
  advice: z.array(
    z.strictObject({
      severity: z.enum(['critical', 'warning', 'note']),
      sentence: text,
      operation: z.enum(['defragment', 'disarm', 'move-leader']).nullable().describe('what this program can do'),
    }),
  ),
  membersFrom: learnt,
});
export type EtcdDocument = z.infer<typeof etcd>;
