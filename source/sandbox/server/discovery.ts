import { apiVersion, type Resource } from './resource.ts';
import { RESOURCES } from './resources.ts';

/** The version that a MetalK8s 129 cluster runs. */
export const KUBERNETES_VERSION = 'v1.29.8';

export const versionInfo = (): object => ({
  major: '1',
  minor: '29',
  gitVersion: KUBERNETES_VERSION,
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.22.5',
  compiler: 'gc',
  platform: 'linux/amd64',
});

export const apiVersions = (serverAddress: string): object => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
});

const REVIEWS: readonly { group: string; version: string; kind: string; plural: string }[] = [
  { group: 'authentication.k8s.io', version: 'v1', kind: 'SelfSubjectReview', plural: 'selfsubjectreviews' },
  { group: 'authorization.k8s.io', version: 'v1', kind: 'SelfSubjectAccessReview', plural: 'selfsubjectaccessreviews' },
  { group: 'authorization.k8s.io', version: 'v1', kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews' },
];

function groupOf(group: string): object | null {
  const versions = [...RESOURCES, ...REVIEWS]
    .filter((each) => each.group === group)
    .map((each) => ({ groupVersion: apiVersion(each), version: each.version }));
  const [preferredVersion] = versions;
  if (group === '' || !preferredVersion) return null;
  return { name: group, versions: [preferredVersion], preferredVersion };
}

/** `/apis`, without a group that is not installed. */
export function apiGroups(absent: string | null): object {
  const names = new Set([...RESOURCES, ...REVIEWS].map(({ group }) => group).filter((group) => group !== absent));
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...names].map(groupOf).filter((group) => group !== null),
  };
}

/** `/apis/GROUP`, or null when there is no such group. */
export function apiGroup(name: string): object | null {
  const group = groupOf(name);
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...group };
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const READ_VERBS = ['get', 'list'];

/** `/api/v1` and `/apis/GROUP/VERSION`, or null when nothing of it is served. */
export function apiResources(group: string, version: string): object | null {
  const served = RESOURCES.filter((each) => each.group === group && each.version === version);
  const reviews = REVIEWS.filter((each) => each.group === group && each.version === version);
  if (served.length + reviews.length === 0) return null;
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersion({ group, version }),
    resources: [
      ...served.flatMap(entries),
      ...reviews.map(({ kind, plural }) => ({
        name: plural,
        singularName: kind.toLowerCase(),
        namespaced: false,
        kind,
        verbs: ['create'],
      })),
    ],
  };
}

function entries(resource: Resource): object[] {
  const { plural, singular, namespaced, kind, shortNames, categories, hasStatus, measured, subresources } = resource;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: measured ? READ_VERBS : VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
  const status = { name: 'status', kind, verbs: ['get', 'patch', 'update'] };
  const below = hasStatus ? [...subresources, status] : subresources;
  return [
    main,
    ...below.map(({ name, ...door }) => ({ name: `${plural}/${name}`, singularName: '', namespaced, ...door })),
  ];
}
