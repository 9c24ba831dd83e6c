/** Who may call: the users of a sandbox, and the roles that say what they may do. */
export type User = { username: string; groups: readonly string[]; uid?: string };

const user = (username: string, ...groups: string[]): User => ({
  username,
  groups: [...groups, 'system:authenticated'],
});

/** Users by the short names that `sandbox.kubeconfig()` takes. */
export const USERS = {
  /** May do everything, as the admin.conf of a master. */
  admin: user('kubernetes-admin', 'system:masters'),
  /** Reads, and edits nodes; deletes pods but no node. */
  operator: user('sandbox-operator', 'sandbox:operators'),
  /** Reads everything but secrets. */
  reader: user('sandbox-reader', 'sandbox:readers'),
  /** Is known and may do nothing. */
  nobody: user('sandbox-nobody'),
} as const satisfies Record<string, User>;

export type SandboxUser = keyof typeof USERS;

export const ANONYMOUS: User = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

export type ResourceRule = { verbs: readonly string[]; apiGroups: readonly string[]; resources: readonly string[] };
export type PathRule = { verbs: readonly string[]; nonResourceURLs: readonly string[] };
export type Role = {
  name: string;
  groups: readonly string[];
  resourceRules: readonly ResourceRule[];
  nonResourceRules: readonly PathRule[];
};

const READ = ['get', 'list', 'watch'];

/** Cluster roles with the groups that they are bound to; the `system:` ones are those of every cluster. */
export const ROLES: readonly Role[] = [
  {
    name: 'cluster-admin',
    groups: ['system:masters'],
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  },
  {
    name: 'system:basic-user',
    groups: ['system:authenticated'],
    resourceRules: [
      {
        verbs: ['create'],
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      },
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    ],
    nonResourceRules: [],
  },
  {
    name: 'system:discovery',
    groups: ['system:authenticated'],
    resourceRules: [],
    nonResourceRules: [
      {
        verbs: ['get'],
        nonResourceURLs: [
          '/api',
          '/api/*',
          '/apis',
          '/apis/*',
          '/healthz',
          '/livez',
          '/openapi',
          '/openapi/*',
          '/readyz',
          '/version',
          '/version/',
        ],
      },
    ],
  },
  {
    name: 'system:public-info-viewer',
    groups: ['system:authenticated', 'system:unauthenticated'],
    resourceRules: [],
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] }],
  },
  {
    name: 'system:service-account-issuer-discovery',
    groups: ['system:authenticated'],
    resourceRules: [],
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/.well-known', '/.well-known/*'] }],
  },
  {
    name: 'sandbox-reader',
    groups: ['sandbox:readers'],
    resourceRules: [
      {
        verbs: READ,
        apiGroups: [''],
        resources: [
          'nodes',
          'nodes/status',
          'pods',
          'pods/log',
          'namespaces',
          'events',
          'endpoints',
          'services',
          'configmaps',
          'serviceaccounts',
          'persistentvolumes',
          'persistentvolumeclaims',
          'replicationcontrollers',
          'resourcequotas',
          'limitranges',
          'componentstatuses',
        ],
      },
      { verbs: ['get'], apiGroups: [''], resources: ['services/proxy'] },
      {
        verbs: READ,
        apiGroups: [
          'apps',
          'batch',
          'autoscaling',
          'policy',
          'coordination.k8s.io',
          'events.k8s.io',
          'discovery.k8s.io',
          'storage.k8s.io',
          'networking.k8s.io',
          'scheduling.k8s.io',
          'apiextensions.k8s.io',
          'apiregistration.k8s.io',
          'metalk8s.scality.com',
          'storage.metalk8s.scality.com',
          'metrics.k8s.io',
        ],
        resources: ['*'],
      },
    ],
    nonResourceRules: [
      {
        verbs: ['get'],
        nonResourceURLs: [
          '/metrics',
          '/healthz',
          '/healthz/*',
          '/livez',
          '/livez/*',
          '/readyz',
          '/readyz/*',
          '/version',
        ],
      },
    ],
  },
  {
    name: 'sandbox-operator',
    groups: ['sandbox:operators'],
    resourceRules: [
      { verbs: [...READ, 'patch', 'update'], apiGroups: [''], resources: ['nodes'] },
      { verbs: [...READ, 'delete'], apiGroups: [''], resources: ['pods'] },
      { verbs: ['create'], apiGroups: [''], resources: ['pods/eviction'] },
      { verbs: READ, apiGroups: ['', 'events.k8s.io', 'coordination.k8s.io', 'apps', 'policy'], resources: ['*'] },
    ],
    nonResourceRules: [],
  },
];
