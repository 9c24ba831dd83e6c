/** The calls that a server of etcd takes, in the order in which it counts them. */
export const METHODS: readonly (readonly [method: string, service: string, type: string])[] = (
  [
    [
      'etcdserverpb.Auth',
      'unary',
      'AuthDisable AuthEnable AuthStatus Authenticate RoleAdd RoleDelete RoleGet RoleGrantPermission RoleList RoleRevokePermission UserAdd UserChangePassword UserDelete UserGet UserGrantRole UserList UserRevokeRole',
    ],
    ['etcdserverpb.Cluster', 'unary', 'MemberAdd MemberList MemberPromote MemberRemove MemberUpdate'],
    ['etcdserverpb.KV', 'unary', 'Compact DeleteRange Put Range Txn'],
    ['etcdserverpb.Lease', 'bidi_stream', 'LeaseKeepAlive'],
    ['etcdserverpb.Lease', 'unary', 'LeaseGrant LeaseLeases LeaseRevoke LeaseTimeToLive'],
    ['etcdserverpb.Maintenance', 'server_stream', 'Snapshot'],
    ['etcdserverpb.Maintenance', 'unary', 'Alarm Defragment Downgrade Hash HashKV MoveLeader Status'],
    ['etcdserverpb.Watch', 'bidi_stream', 'Watch'],
    ['grpc.health.v1.Health', 'server_stream', 'Watch'],
    ['grpc.health.v1.Health', 'unary', 'Check List'],
  ] as const
)
  .flatMap(([service, type, methods]) => methods.split(' ').map((method) => [method, service, type] as const))
  .sort(([a, first], [b, second]) => (`${a} ${first}` < `${b} ${second}` ? -1 : 1));

/** How a call can end (gRPC: status codes). */
export const CODES =
  'Aborted AlreadyExists Canceled DataLoss DeadlineExceeded FailedPrecondition Internal InvalidArgument NotFound OK OutOfRange PermissionDenied ResourceExhausted Unauthenticated Unavailable Unimplemented Unknown'.split(
    ' ',
  );
