import { describe, expect, it } from 'vitest';
import { decodeFigures, MOST_METRICS } from '../../../source/links/etcd/figures.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { recordedBody, RECORDINGS } from './recorded.ts';

const WHOSE = 'the member on master-1';
const decode = (...lines: string[]) => decodeFigures(`${lines.join('\n')}\n`, WHOSE);

describe('figures of a page', () => {
  const page = [
    '# HELP etcd_server_has_leader Whether or not a leader exists. 1 is existence, 0 is not.',
    'etcd_server_has_leader 1',
    'etcd_server_is_leader 0',
    'etcd_server_id{server_id="0077333d8f05385ca"} 1',
    'etcd_server_version{server_version="3.5.15"} 1',
    'process_start_time_seconds 1.7954195994e+09',
    'etcd_mvcc_db_total_size_in_bytes 3.547136e+06',
    'etcd_network_peer_sent_failures_total{To="1"} 2',
    'etcd_network_peer_sent_failures_total{To="2"} 3',
    'etcd_network_peer_round_trip_time_seconds_bucket{To="53ebddd1569d1de0",le="0.1"} 4',
    'etcd_network_peer_round_trip_time_seconds_bucket{To="53ebddd1569d1de0",le="+Inf"} 5',
    'etcd_network_peer_round_trip_time_seconds_bucket{To="__proto__",le="0.1"} 4',
    'etcd_network_peer_round_trip_time_seconds_bucket{To="__proto__",le="+Inf"} 5',
    'etcd_network_peer_round_trip_time_seconds_bucket{To="2",le="0.1"} 5',
    'etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 7',
    'etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 9',
    'etcd_disk_backend_defrag_duration_seconds_count 2',
  ];

  it('are told by their names', () => {
    expect(decode(...page)).toEqual({
      id: null,
      version: '3.5.15',
      startedAt: 1_795_419_599_400,
      hasLeader: true,
      isLeader: false,
      isLearner: null,
      dbSize: 3_547_136,
      dbSizeInUse: null,
      quota: null,
      committed: null,
      applied: null,
      leaderChanges: null,
      failedProposals: null,
      pendingProposals: null,
      slowApplies: null,
      peerFailures: 5,
      defragmentations: 2,
      fsync: { bounds: [0.001, Infinity], counts: [7, 9] },
      commit: null,
      roundTrips: { '53ebddd1569d1de0': { bounds: [0.1, Infinity], counts: [4, 5] } },
      requests: null,
      handling: {},
    });
  });

  it.each<[string, string, object]>([
    ['an id with leading zeros', 'etcd_server_id{server_id="00Ab"} 1', { id: 'ab' }],
    ['an id that is none', 'etcd_server_id{server_id="../x"} 1', { id: null }],
    ['a size that is NaN', 'etcd_mvcc_db_total_size_in_bytes NaN', { dbSize: null }],
    ['a quota without end', 'etcd_server_quota_backend_bytes +Inf', { quota: null }],
    ['a count below zero', 'etcd_server_slow_apply_total -1', { slowApplies: null }],
    ['a leader that is NaN', 'etcd_server_is_leader NaN', { isLeader: null }],
    ['a histogram without buckets', 'etcd_disk_wal_fsync_duration_seconds_count 9', { fsync: null }],
    ['failures to a peer that are NaN', 'etcd_network_peer_sent_failures_total{To="1"} NaN', { peerFailures: null }],
    ['never a failure to a peer', '', { peerFailures: 0 }],
  ])('%s', (_, line, figures) => {
    expect(decode('etcd_server_has_leader 1', line)).toMatchObject(figures);
  });

  it('counts requests by method, and of those what failed by the server', () => {
    const handled = (code: string, method: string, count: string) =>
      `grpc_server_handled_total{grpc_code="${code}",grpc_method="${method}",grpc_service="etcdserverpb.KV",grpc_type="unary"} ${count}`;
    const { requests } = decode(
      'etcd_server_has_leader 1',
      handled('OK', 'Range', '90'),
      handled('Unavailable', 'Range', '7'),
      handled('DeadlineExceeded', 'Range', '2'),
      handled('Canceled', 'Range', '1'),
      handled('OK', 'Put', '0'),
      handled('OK', 'Txn', 'NaN'),
    );
    expect(requests).toEqual({ 'KV/Range': { all: 100, failed: 9 } });
  });

  it('has how long unary requests took where etcd measures it, defragmentation left out', () => {
    const bucket = (method: string, type: string, le: string) =>
      `grpc_server_handling_seconds_bucket{grpc_method="${method}",grpc_service="etcdserverpb.KV",grpc_type="${type}",le="${le}"} 4`;
    const both = (method: string, type: string) => [bucket(method, type, '0.1'), bucket(method, type, '+Inf')];
    const { handling } = decode(
      'etcd_server_has_leader 1',
      ...both('Range', 'unary'),
      ...both('Defragment', 'unary'),
      ...both('Watch', 'bidi_stream'),
      bucket('Txn', 'unary', '+Inf'),
    );
    expect(handling).toEqual({ 'KV/Range': { bounds: [0.1, Infinity], counts: [4, 4] } });
  });

  it('knows no failures to peers of a page that was cut before them', () => {
    expect(decode('etcd_mvcc_db_total_size_in_bytes 1').peerFailures).toBe(null);
  });

  it('keep little of a page that makes up peers, methods and buckets', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => index + 1);
    const figures = decode(
      'etcd_server_has_leader 1',
      ...many.flatMap((index) => [
        `etcd_disk_wal_fsync_duration_seconds_bucket{le="${index}"} ${index}`,
        `etcd_network_peer_round_trip_time_seconds_bucket{To="${index}",le="1"} 1`,
        `etcd_network_peer_round_trip_time_seconds_bucket{To="${index}",le="+Inf"} 1`,
        `grpc_server_handled_total{grpc_code="OK",grpc_method="M${index}",grpc_service="a.KV",grpc_type="unary"} 1`,
        `grpc_server_handling_seconds_bucket{grpc_method="M${index}",grpc_service="a.KV",grpc_type="unary",le="1"} 1`,
        `grpc_server_handling_seconds_bucket{grpc_method="M${index}",grpc_service="a.KV",grpc_type="unary",le="+Inf"} 1`,
      ]),
      'etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 5000',
    );
    expect(figures).toMatchObject({ fsync: null, roundTrips: {}, requests: null, handling: {}, hasLeader: true });
    expect(JSON.stringify(figures).length).toBeLessThan(1_000);
  });

  it.each<[string, string, RegExp]>([
    ['HTML', '<!doctype html><html><body>sign in</body></html>', /begins with "<!doctype html>/],
    ['nothing', '', /it is empty/],
    ['metrics of something else', 'process_start_time_seconds 1\nnode_load1 2', /begins with "process_start/],
    ['those of another server', 'grpc_server_handled_total{grpc_code="OK"} 1', /begins with "grpc_server/],
    ['controls', '\u001b[2Jx', /begins with "\\x1b\[2Jx"/],
    ['10 MB', `etcd_server_has_leader 1\n${'x'.repeat(10_000_000)}`, /longer than 4 MiB/],
  ])('%s is a sentence', (_, text, words) => {
    expect(() => decodeFigures(text, WHOSE)).toThrow(LinkFailure);
    expect(() => decodeFigures(text, WHOSE)).toThrow(words);
    expect(() => decodeFigures(text, WHOSE)).toThrow(/^What the member on master-1 answered is /);
  });

  it('reads a page of the longest length', () => {
    const [first, line] = ['etcd_server_has_leader 1\n', 'a_metric{of="another"} 1\n'];
    const filled = first + line.repeat(Math.floor((MOST_METRICS - first.length) / line.length));
    expect(decodeFigures(filled, WHOSE).hasLeader).toBe(true);
  });
});

describe.runIf(RECORDINGS)('figures of a recorded page', () => {
  it('of etcd 3.5.30', () => {
    expect(decodeFigures(recordedBody('etcd-3.5.30', '018-metrics'), WHOSE)).toMatchObject({
      id: '77333d8f05385ca7',
      version: '3.5.30',
      hasLeader: true,
      isLeader: true,
      isLearner: false,
      dbSize: 3_547_136,
      dbSizeInUse: 1_470_464,
      quota: 8_589_934_592,
      committed: 1_407,
      applied: 1_407,
      leaderChanges: 1,
      failedProposals: 0,
      pendingProposals: 0,
      slowApplies: 0,
      peerFailures: 0,
      roundTrips: { '53ebddd1569d1de0': {}, '5510df84f034e288': {} },
      requests: { 'KV/Range': { all: 549, failed: 0 }, 'KV/Txn': { all: 453, failed: 0 } },
      handling: {},
    });
  });

  it('of a member without quorum', () => {
    expect(
      decodeFigures(recordedBody('etcd-3.5.30-failures', '030-no-quorum-metrics-has-leader'), WHOSE),
    ).toMatchObject({ hasLeader: false, isLeader: false, peerFailures: 192 });
  });
});
