import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHealth, decodeMembers, decodeStatuses, membershipOf } from '../../../source/links/etcd/decode.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { recordedBody, RECORDINGS } from './recorded.ts';

const WHOSE = 'etcdctl in kube-system/etcd-master-1';
const HEADER = '"header":{"cluster_id":6288814692618756213,"member_id":2343026294211479585,"raft_term":2}';
const members = (...list: string[]) => decodeMembers(`{${HEADER},"members":[${list.join(',')}]}`, WHOSE).members;

describe('members', () => {
  it('have ids that no number holds, in hex', () => {
    expect(
      decodeMembers(
        `{${HEADER},"members":[{"ID":2343026294211479585,"name":"n1","peerURLs":["http://127.0.0.1:12381"],"clientURLs":["http://127.0.0.1:12371"]},{"ID":12766592730961994388,"name":"n3","peerURLs":["http://127.0.0.1:12383"],"clientURLs":["http://127.0.0.1:12373"],"isLearner":true}]}`,
        WHOSE,
      ),
    ).toEqual({
      cluster: '57465ba4b3cc6075',
      members: [
        {
          id: '20841a002de00821',
          name: 'n1',
          peerUrls: ['http://127.0.0.1:12381'],
          clientUrls: ['http://127.0.0.1:12371'],
          isLearner: false,
        },
        {
          id: 'b12c0c72d112e294',
          name: 'n3',
          peerUrls: ['http://127.0.0.1:12383'],
          clientUrls: ['http://127.0.0.1:12373'],
          isLearner: true,
        },
      ],
    });
  });

  it.each<[string, string[], object[]]>([
    ['one that has not started', ['{"ID":5,"peerURLs":["http://a:2380"]}'], [{ id: '5', name: '', clientUrls: [] }]],
    ['one with an empty name', ['{"ID":5,"name":""}'], [{ id: '5', name: '' }]],
    ['one listed twice', ['{"ID":5,"name":"a"}', '{"ID":5,"name":"b"}'], [{ id: '5', name: 'a' }]],
    ['two of one name', ['{"ID":5,"name":"a"}', '{"ID":6,"name":"a"}'], [{ id: '5' }, { id: '6' }]],
    ['the same id as text and as number', ['{"ID":"5","name":"a"}', '{"ID":5}'], [{ id: '5', name: 'a' }]],
    ['one without an id beside another', ['{"name":"b"}', '{"ID":5,"name":"a"}'], [{ id: '5' }]],
    ['an id beyond 64 bits', ['{"ID":18446744073709551616}', '{"ID":18446744073709551615}'], [{ id: 'f'.repeat(16) }]],
    ['an id that is no whole number', ['{"ID":1.5}', '{"ID":-1}', '{"ID":1e3}', '{"ID":7}'], [{ id: '7' }]],
    ['URLs of another type', ['{"ID":5,"peerURLs":"a","clientURLs":[1,"b"]}'], [{ peerUrls: [], clientUrls: ['b'] }]],
  ])('%s', (_, list, expected) => {
    expect(members(...list)).toMatchObject(expected);
    expect(members(...list)).toHaveLength(expected.length);
  });

  it('keep any uint64 exactly', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 64n - 1n), fc.boolean(), (id, asText) => {
        expect(members(`{"ID":${asText ? `"${id}"` : String(id)}}`)[0]?.id).toBe(id.toString(16));
      }),
    );
  });
});

describe('the status of endpoints', () => {
  const status = (fields: string, endpoint = 'http://a:2379') =>
    `{"Endpoint":"${endpoint}","Status":{"header":{"cluster_id":9,"member_id":12766592730961994388,"revision":9007199254740993,"raft_term":2},"version":"3.4.23","dbSize":20480${fields}}}`;

  it('tells figures, with nothing for what it does not', () => {
    const [one] = decodeStatuses(
      `[${status(',"leader":12766592730961994388,"raftIndex":8,"raftTerm":2,"raftAppliedIndex":7,"dbSizeInUse":16384')}]`,
      WHOSE,
    );
    expect(one).toMatchObject({
      endpoint: 'http://a:2379',
      cluster: '9',
      leader: 'b12c0c72d112e294',
      term: 2,
      revision: '9007199254740993',
      errors: [],
      figures: {
        id: 'b12c0c72d112e294',
        version: '3.4.23',
        isLeader: true,
        hasLeader: true,
        dbSize: 20_480,
        dbSizeInUse: 16_384,
        quota: null,
        committed: 8,
        applied: 7,
        slowApplies: null,
        fsync: null,
      },
    });
  });

  it.each<[string, string, object]>([
    ['no leader', ',"raftTerm":3,"errors":["etcdserver: no leader"]', { leader: null, figures: { hasLeader: false } }],
    ['a leader zero', ',"leader":0', { leader: null, figures: { hasLeader: false, isLeader: false } }],
    ['another leader', ',"leader":7', { leader: '7', figures: { hasLeader: true, isLeader: false } }],
    ['a learner', ',"isLearner":true', { figures: { isLearner: true } }],
    ['the quota of 3.6', ',"dbSizeQuota":2147483648', { figures: { quota: 2_147_483_648 } }],
    ['a size that is text', ',"dbSizeInUse":"16384"', { figures: { dbSizeInUse: 16_384 } }],
    ['a size that is nothing', ',"dbSizeInUse":{}', { figures: { dbSizeInUse: null } }],
  ])('%s', (_, fields, expected) => {
    expect(decodeStatuses(`[${status(fields)}]`, WHOSE)).toMatchObject([expected]);
  });

  it('is empty where no endpoint answered', () => {
    expect(decodeStatuses('[]', WHOSE)).toEqual([]);
  });
});

describe('the status of each version', () => {
  const header = '"header":{"cluster_id":9,"member_id":12766592730961994388,"revision":7,"raft_term":2}';
  const told = (version: string, more: string) =>
    `[{"Endpoint":"http://a:2379","Status":{${header},"version":"${version}","dbSize":20480,"leader":12766592730961994388,"raftIndex":8,"raftTerm":2${more}}}]`;
  const SINCE_3_4 = ',"raftAppliedIndex":8,"dbSizeInUse":16384';

  it.each<[string, string, object]>([
    ['3.4.23', SINCE_3_4, { applied: 8, dbSizeInUse: 16_384, quota: null }],
    ['3.5.15', `${SINCE_3_4},"isLearner":true`, { applied: 8, isLearner: true, quota: null }],
    [
      '3.6.5',
      `${SINCE_3_4},"storageVersion":"3.6.0","dbSizeQuota":2147483648,"downgradeInfo":{}`,
      { applied: 8, dbSizeInUse: 16_384, quota: 2_147_483_648 },
    ],
    ['3.10.0', `${SINCE_3_4},"somethingNew":[{"of":1}]`, { applied: 8, dbSizeInUse: 16_384 }],
  ])('%s', (version, more, figures) => {
    const id = 'b12c0c72d112e294';
    expect(decodeStatuses(told(version, more), WHOSE)).toMatchObject([
      { leader: id, revision: '7', errors: [], figures: { id, version, dbSize: 20_480, ...figures } },
    ]);
  });

  it.each(['3.3.27', '3.0.0', '2.3.8'])('%s tells no alarms, which must not be taken for none', (version) => {
    expect(() => decodeStatuses(told(version, ''), WHOSE)).toThrow(
      `What ${WHOSE} answered is the status of etcd ${version}, which tells no alarms: this console knows etcd since 3.4; upgrade it.`,
    );
  });
});

describe('health', () => {
  it.each<[string, string, object]>([
    ['healthy', '{"health":"true","reason":""}', { healthy: true, reason: '' }],
    ['healthy of 3.4', '{"health":"true"}', { healthy: true, reason: '' }],
    ['unhealthy of 3.4', '{"health":"false"}', { healthy: false, reason: '' }],
    ['an alarm', '{"health":"false","reason":"ALARM NOSPACE"}', { healthy: false, reason: 'ALARM NOSPACE' }],
  ])('of a member: %s', (_, text, health) => {
    expect(decodeHealth(text, WHOSE)).toEqual(health);
  });
});

describe('what is no answer of etcd', () => {
  const DECODERS = { decodeMembers, decodeStatuses, decodeHealth };
  const TEXTS = {
    HTML: '<html>sign in</html>',
    nothing: '',
    'half an answer': '{"header":{"cluster_id":1',
    'a text': '"etcd"',
    'a number': '5',
    null: 'null',
    'an error of the gateway': '{"code":14,"message":"etcdserver: request timed out"}',
    '10 MB': `{"members":"${'x'.repeat(10_000_000)}"}`,
  };

  it.each(
    Object.entries(DECODERS).flatMap(([name, decode]) =>
      Object.entries(TEXTS).map(([what, text]) => [name, what, decode, text] as const),
    ),
  )('%s of %s is a sentence', (_, __, decode, text) => {
    expect(() => decode(text, WHOSE)).toThrow(LinkFailure);
    expect(() => decode(text, WHOSE)).toThrow(/^What etcdctl in kube-system\/etcd-master-1 answered is .+\.$/);
  });

  it.each<[string, () => unknown]>([
    ['members without a cluster', () => decodeMembers('{"members":[{"ID":1}]}', WHOSE)],
    ['members without one that has an id', () => members('{}')],
    ['a status without a header', () => decodeStatuses('[{"Endpoint":"a","Status":{"version":"3.5.0"}}]', WHOSE)],
    ['health that is neither', () => decodeHealth('{"health":"maybe"}', WHOSE)],
  ])('%s', (_, decode) => {
    expect(decode).toThrow(LinkFailure);
  });
});

describe('the membership of several answers', () => {
  const listed = decodeMembers(`{${HEADER},"members":[{"ID":5},{"ID":6}]}`, WHOSE);
  const statuses = (...told: readonly (readonly [leader: number, term: number])[]) =>
    decodeStatuses(
      JSON.stringify(
        told.map(([leader, raftTerm]) => ({
          Endpoint: 'a',
          Status: { header: { cluster_id: 9, member_id: 5 }, leader, raftTerm },
        })),
      ),
      WHOSE,
    );

  it.each<[string, readonly (readonly [number, number])[], string | null]>([
    ['nobody answered', [], null],
    ['all agree', [[5, 2], [5, 2]], '5'], // prettier-ignore
    ['a newer term is right', [[5, 2], [6, 3]], '6'], // prettier-ignore
    ['an older term is wrong', [[6, 3], [5, 2]], '6'], // prettier-ignore
    ['one has not heard of it yet', [[0, 3], [6, 3]], '6'], // prettier-ignore
    ['no leader since', [[5, 2], [0, 3]], null], // prettier-ignore
  ])('%s', (_, told, leader) => {
    expect(membershipOf(listed, statuses(...told), []).leader).toBe(leader);
  });
});

describe.runIf(RECORDINGS)('recorded answers of etcd 3.5.30', () => {
  it('members', () => {
    const { cluster, members } = decodeMembers(recordedBody('etcd-3.5.30', '010-all-up-member-list'), WHOSE);
    expect(cluster).toBe(1679747284790014892n.toString(16));
    expect(members.map(({ id, name }) => [id, name])).toEqual([
      ['53ebddd1569d1de0', 'etcd3'],
      ['5510df84f034e288', 'etcd2'],
      ['77333d8f05385ca7', 'etcd1'],
    ]);
  });

  it.each([
    ['etcd-3.5.30', '003-all-up-status-1', '77333d8f05385ca7', []],
    ['etcd-3.5.30', '035-nospace-status-1', '77333d8f05385ca7', ['memberID:8589276598802865319 alarm:NOSPACE ']],
    ['etcd-3.5.30-failures', '022-no-quorum-status-1', null, ['etcdserver: no leader']],
  ])('status: %s %s', (folder, name, leader, errors) => {
    expect(decodeStatuses(recordedBody(folder, name), WHOSE)).toMatchObject([
      { leader, errors, figures: { version: '3.5.30', dbSize: 3_547_136 } },
    ]);
  });

  it.each([
    ['etcd-3.5.30', '002-all-up-health-plain-1', { healthy: true, reason: '' }],
    ['etcd-3.5.30', '034-nospace-health-plain-1', { healthy: false, reason: 'ALARM NOSPACE' }],
    ['etcd-3.5.30-failures', '021-no-quorum-health-plain-1', { healthy: false, reason: 'RAFT NO LEADER' }],
  ])('health: %s %s', (folder, name, health) => {
    expect(decodeHealth(recordedBody(folder, name), WHOSE)).toEqual(health);
  });
});
