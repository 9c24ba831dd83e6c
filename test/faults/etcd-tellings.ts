import { expect } from 'vitest';
import { answers, commands, HURT, page, several, told, written } from './etcd-hurts.ts';
import type { Strike } from './etcd-place.tsx';

/** What etcd may say of itself: of a member on its way, of its version, or what somebody has put into its mouth. */
export type Telling = {
  readonly name: string;
  readonly strike: Strike;
  /** What stands on the screen, rows joined. */
  readonly shows: readonly (string | RegExp)[];
  /** What the answer of the command holds. */
  readonly holds: object;
  readonly code: number;
};

/** What etcdctl tells to one of its commands, in other words. */
const telling = (command: 'member list' | 'endpoint status', change: (stdout: string) => string): Strike =>
  commands({ run: told((stdout, words) => (words.endsWith(command) ? change(stdout) : stdout)) });

/** The same with a member more at the end of the list. */
const withMember = (member: string): Strike =>
  telling('member list', (stdout) => stdout.replace(/\]\}\s*$/, `,${member}]}\n`));

/** A list of members, among them one with these fields. */
const member = (fields: object): unknown => expect.arrayContaining([expect.objectContaining(fields)]) as unknown;

const NEW_ID = 18446744073709551557n;

/** Sequences that a terminal obeys, and how they are drawn. */
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u202e';
const DRAWN = '\\x1b[2J\\x1b]0;owned\\x07\\u202e';

const versioned = (version: string, change: (stdout: string) => string = (stdout) => stdout): Strike =>
  telling('endpoint status', (stdout) => change(stdout.replaceAll(/"version":"[^"]*"/g, `"version":"${version}"`)));

const WELL = { hasQuorum: true, voters: 3, healthyVoters: 3, canLose: 1, alarms: [] };

export const TELLINGS: readonly Telling[] = [
  {
    name: 'a member that was added and has not started',
    strike: withMember(`{"ID":${NEW_ID},"name":"","peerURLs":["https://10.1.0.14:2380"]}`),
    shows: ['3 of 4 members · quorum 3 · CAN LOSE 0', /not started/, /was added and never joined/],
    holds: {
      voters: 4,
      healthyVoters: 3,
      members: member({
        id: NEW_ID.toString(16),
        name: '',
        role: 'not-started',
        dbSize: null,
        dbSizeWhy: 'the member has not started yet',
      }),
    },
    code: 1,
  },
  {
    name: 'a member that is listed twice',
    strike: telling('member list', (stdout) =>
      stdout.replace(/("members":\[)(\{.*?\})(,)/, (_, begin: string, one: string) => `${begin}${one},${one},`),
    ),
    shows: ['3 of 3 members · quorum 2 · CAN LOSE 1'],
    holds: WELL,
    code: 0,
  },
  {
    name: 'etcd 3.3',
    strike: versioned('3.3.27', (stdout) => stdout.replaceAll(/,"raftAppliedIndex":\d+|,"dbSizeInUse":\d+/g, '')),
    shows: [
      '3 of 3 members · quorum 2 · CAN LOSE 1',
      'answered is the status of etcd 3.3.27, which tells no alarms: this console knows etcd since 3.4; upgrade it.',
    ],
    holds: { clusterId: null, voters: 3, hasQuorum: true },
    code: 0,
  },
  {
    name: 'etcd 3.4',
    strike: versioned('3.4.23'),
    shows: ['3 of 3 members · quorum 2 · CAN LOSE 1', 'ALARMS none'],
    holds: WELL,
    code: 0,
  },
  {
    name: 'etcd 3.6',
    strike: versioned('3.6.5', (stdout) =>
      stdout.replaceAll(
        '"raftTerm"',
        '"storageVersion":"3.6.0","dbSizeQuota":2147483648,"downgradeInfo":{},"raftTerm"',
      ),
    ),
    shows: ['3 of 3 members · quorum 2 · CAN LOSE 1', 'ALARMS none'],
    holds: WELL,
    code: 0,
  },
  {
    name: 'an alarm that nobody knows',
    strike: telling('endpoint status', (stdout) =>
      stdout.replace(/("member_id":)(\d+)(.*?"version")/, (_, before: string, id: string, after: string) =>
        `${before}${id}${after}`.replace('"version"', `"errors":["memberID:${id} alarm:MELTDOWN "],"version"`),
      ),
    ),
    shows: [/raised the alarm MELTDOWN/],
    holds: { hasQuorum: true, alarms: [{ kind: 'MELTDOWN' }] },
    code: 1,
  },
  {
    name: 'a name that a terminal obeys',
    strike: telling('member list', (stdout) => stdout.replace(`"${HURT}"`, JSON.stringify(HURT + EVIL))),
    shows: [`${HURT}\\`],
    holds: { members: member({ name: HURT + EVIL, node: HURT }) },
    code: 0,
  },
  {
    name: 'a version and a reason that a terminal obeys',
    strike: several(
      page(
        'metrics',
        written((text) => text.replace(/server_version="[^"]*"/, `server_version="${EVIL}"`)),
      ),
      page('health', answers({ status: 503, body: JSON.stringify({ health: 'false', reason: EVIL }) })),
    ),
    shows: [/X \\x1b\[2J/, '2 of 3 members · quorum 2 · CAN LOSE 0'],
    holds: { members: member({ node: HURT, version: EVIL, healthy: false, reason: EVIL }) },
    code: 1,
  },
  {
    name: 'words of etcdctl that a terminal obeys',
    strike: commands({
      run: ({ stderr, end }) => {
        stderr(`Error: ${EVIL}\n`);
        end(1);
      },
    }),
    shows: [`etcdctl ended with 1 (${DRAWN}); look at the members of etcd.`],
    holds: { clusterId: null },
    code: 0,
  },
];
