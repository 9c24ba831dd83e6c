import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeChecks } from '../../../source/links/control-plane/decode.ts';
import { decodeHealth, decodeMembers, decodeStatuses } from '../../../source/links/etcd/decode.ts';
import { decodeFigures } from '../../../source/links/etcd/figures.ts';
import { LinkFailure, socketFailure, statusFailure } from '../../../source/links/kubernetes/failure.ts';
import { asArray, asObject, asText, type Fields } from '../../../source/links/kubernetes/fields.ts';
import { RECORDINGS } from './recorded.ts';

// Every exchange with a real etcd, and with a real API server before it, while members were up, down, full and paused.

type Exchange = { readonly file: string; readonly asked: string; readonly content: Fields };
type Said = { readonly status: number; readonly text: string; readonly body: Fields };

const exchangesIn = (root: string): readonly Exchange[] =>
  readdirSync(root)
    .filter((folder) => folder.startsWith('etcd-'))
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((file) => file !== 'INDEX.json')
        .map((file) => {
          const content = asObject(JSON.parse(readFileSync(join(root, folder, file), 'utf8'))) ?? {};
          const { method, path } = asObject(content['request']) ?? {};
          return { file: `${folder}/${file}`, asked: `${asText(method)} ${asText(path)}`, content };
        }),
    );

const exchanges = RECORDINGS === null ? [] : exchangesIn(RECORDINGS);

const WHOSE = 'the member on node-1';
const ABOUT = { what: 'ask etcd', server: 'https://192.0.2.1:6443' };

const saidIn = (response: Fields): Said => ({
  status: Number(response['status']),
  text: response['body'] === undefined ? asText(response['text']) : JSON.stringify(response['body']),
  body: asObject(response['body']) ?? {},
});

/** An id as JSON has it, in hex. */
const hex = (value: unknown): string => BigInt(asText(value)).toString(16);
const listIn = (body: Fields, name: string): readonly Fields[] =>
  asArray(body[name]).map((each) => asObject(each) ?? {});
const sample = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);

/** What is read of each question, held against the recording itself, and read in another way. */
const READ: readonly (readonly [question: RegExp, expectRead: (said: Said) => void])[] = [
  [
    /^GET \/health/,
    ({ text, body, status }) => {
      const { healthy, reason } = decodeHealth(text, WHOSE);
      expect({ health: String(healthy), reason }).toEqual(body);
      expect(healthy).toBe(status === 200);
    },
  ],
  [
    /^POST \/v3\/maintenance\/status/,
    ({ text, body }) => {
      const [status] = decodeStatuses(text, WHOSE);
      const header = asObject(body['header']) ?? {};
      expect(status).toMatchObject({
        cluster: hex(header['cluster_id']),
        leader: body['leader'] === undefined ? null : hex(body['leader']),
        revision: header['revision'],
        errors: body['errors'] ?? [],
        figures: {
          id: hex(header['member_id']),
          version: body['version'],
          dbSize: Number(body['dbSize']),
          dbSizeInUse: Number(body['dbSizeInUse']),
          applied: Number(body['raftAppliedIndex']),
        },
      });
    },
  ],
  [
    /^POST \/v3\/cluster\/member\/list/,
    ({ text, body }) => {
      expect(decodeMembers(text, WHOSE).members).toEqual(
        listIn(body, 'members').map((member) => ({
          id: hex(member['ID']),
          name: member['name'],
          peerUrls: member['peerURLs'],
          clientUrls: member['clientURLs'] ?? [],
          isLearner: false,
        })),
      );
    },
  ],
  [
    /^GET \/metrics/,
    ({ text }) => {
      // One page was recorded in part, and ends before the first figure.
      if (!text.includes('etcd_server_has_leader ')) {
        expect(() => decodeFigures(text, WHOSE)).toThrow(LinkFailure);
        return;
      }
      const figures = decodeFigures(text, WHOSE);
      expect(figures).toMatchObject({
        dbSize: sample(text, 'etcd_mvcc_db_total_size_in_bytes'),
        quota: sample(text, 'etcd_server_quota_backend_bytes'),
        committed: sample(text, 'etcd_server_proposals_committed_total'),
        hasLeader: sample(text, 'etcd_server_has_leader') === 1,
      });
      expect(figures.fsync?.counts.at(-1)).toBe(sample(text, 'etcd_disk_wal_fsync_duration_seconds_count'));
      expect(figures.commit?.counts.at(-1)).toBe(sample(text, 'etcd_disk_backend_commit_duration_seconds_count'));
    },
  ],
  [
    /^GET \/(livez|readyz)\?verbose/,
    ({ text }) => {
      const checks = decodeChecks(text);
      expect(checks.map(({ name }) => name)).toEqual(
        Array.from(text.matchAll(/^\[[+-]\](\S+) /gm), ([, name]) => name),
      );
    },
  ],
];

/** What is asked of etcd or of the API server by others, and by the tests that recorded it. */
const OF_OTHERS = [
  /^GET \/(version|nosuch|v3\/maintenance\/status)$/,
  /^POST \/v3\/(kv\/(range|put)|auth\/status|cluster\/member\/add)$/,
  /^POST \/v3\/maintenance\/(alarm|hashkv|defragment|transfer-leadership)$/,
  /^(GET|PATCH) \/api\/v1\//,
];

describe.runIf(RECORDINGS)('a recorded exchange', () => {
  test.each(exchanges.map((exchange) => [`${exchange.file} ${exchange.asked}`, exchange] as const))(
    '%s',
    (_, { asked, content }) => {
      const response = asObject(content['response']);
      if (response === null) {
        const { code, message } = asObject(content['error']) ?? {};
        const failure = socketFailure(
          Object.assign(new Error(asText(message)), code !== undefined && { code }),
          ABOUT,
          true,
        );
        expect(failure.message).toMatch(/^Cannot ask etcd at https:\/\/192\.0\.2\.1:6443: .+\.$/);
        return;
      }
      const said = saidIn(response);
      const read = READ.find(([question]) => question.test(asked));
      if (read === undefined) expect(OF_OTHERS.some((question) => question.test(asked))).toBe(true);
      else if (said.status === 200 || asked.startsWith('GET')) read[1](said);
      // The gateway tells errors of etcd as objects with a code: they are no answer to what was asked.
      else expect(() => read[1](said)).toThrow(LinkFailure);
      if (said.status >= 400 && read === undefined && response['stream'] === undefined) {
        const failure = statusFailure(ABOUT, { status: said.status, body: said.text });
        expect(failure.message).toMatch(/^Cannot ask etcd at https:\/\/192\.0\.2\.1:6443: .+\.$/);
      }
    },
  );

  test('is there of each question', () => {
    for (const [question] of READ) expect(exchanges.some(({ asked }) => question.test(asked))).toBe(true);
  });
});
