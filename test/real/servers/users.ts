// Who may do what on the real server.

/** One rule of a ClusterRole. */
export type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};

/** A user of the API server: its groups, and its rights by RBAC over the whole cluster. */
export type User = { readonly groups: readonly string[]; readonly rules: readonly Rule[] };

const READ = ['get', 'list', 'watch'];

/** What the console looks at. */
export const READING: readonly Rule[] = [
  {
    apiGroups: [''],
    resources: [
      'nodes',
      'pods',
      'events',
      'namespaces',
      'services',
      'endpoints',
      'configmaps',
      'persistentvolumes',
      'persistentvolumeclaims',
    ],
    verbs: READ,
  },
  { apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'], verbs: READ },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: READ },
  { apiGroups: ['metalk8s.scality.com'], resources: ['clusterconfigs'], verbs: READ },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: READ },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: READ },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: READ },
  { apiGroups: ['storage.metalk8s.scality.com'], resources: ['volumes'], verbs: READ },
  { apiGroups: ['metrics.k8s.io'], resources: ['nodes'], verbs: READ },
];

/** The users that every real cluster has. */
export const USERS = {
  /** Everything, by its group. */
  admin: { groups: ['system:masters'], rules: [] },
  /** Reads, and edits nodes. */
  operator: { groups: ['operators'], rules: [...READING, { apiGroups: [''], resources: ['nodes'], verbs: ['patch'] }] },
  /** Reads only. */
  reader: { groups: ['readers'], rules: READING },
  /** Is known, and may do nothing but ask what it may do. */
  nobody: { groups: [], rules: [] },
} as const satisfies Record<string, User>;

export type UserName = keyof typeof USERS;

/** The RBAC objects, with the paths that create them, which give a user its rights. None for a user without rules. */
export function rightsOf(name: string, { rules }: User): { path: string; body: object }[] {
  if (rules.length === 0) return [];
  const group = 'rbac.authorization.k8s.io';
  const root = `/apis/${group}/v1`;
  return [
    {
      path: `${root}/clusterroles`,
      body: { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name: `test:${name}` }, rules },
    },
    {
      path: `${root}/clusterrolebindings`,
      body: {
        apiVersion: `${group}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: `test:${name}` },
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: `test:${name}` },
        subjects: [{ apiGroup: group, kind: 'User', name }],
      },
    },
  ];
}
