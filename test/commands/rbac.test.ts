import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { SALT_NAMESPACE } from '../../source/operations/backup/backup-link.ts';
import { ETCD_NAMESPACE } from '../../source/links/etcd/etcdctl.ts';
import { READS } from '../../source/links/kubernetes/reads.ts';

type OfResources = { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] };
type OfPaths = { nonResourceURLs: string[]; verbs: string[] };
type Rule = OfResources | OfPaths;
type Role = { kind: string; metadata: { name: string; namespace?: string }; rules: Rule[] };
/** What somebody is to be allowed; without a namespace in the whole cluster. */
type Right = { group: string; resource: string; namespace?: string | undefined; name?: string | undefined };

const text = readFileSync(new URL('../../docs/rbac.md', import.meta.url), 'utf8');
const roles = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml ?? '') as Role);
const [view, etcd, edit] = roles;

/** What Kubernetes grants to everybody who is logged in. */
const GRANTED = /^\/(version|livez|readyz)$|selfsubjectaccessreviews$/;

/** A path as the API server reads it (k8s.io/apiserver: RequestInfo); a namespace itself is an object of its own name. */
const PATH =
  /^(?:\/api|\/apis\/(?<group>[^/]+))\/v[^/]+(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[^/]+))?/;

const rightOf = (path: string): Right => {
  const { group = '', namespace, resource = '', name, sub } = PATH.exec(path)?.groups ?? {};
  return { group, namespace, name, resource: sub === undefined ? resource : `${resource}/${sub}` };
};

const rulesOf = (role: Role | undefined): readonly OfResources[] =>
  role?.rules.filter((rule) => 'resources' in rule) ?? [];

/** The verbs that these roles together allow. */
const verbsOf = (given: readonly (Role | undefined)[], { group, resource, namespace, name }: Right) =>
  given
    .filter(
      (role) => role?.kind === 'ClusterRole' || (namespace !== undefined && role?.metadata.namespace === namespace),
    )
    .flatMap(rulesOf)
    .filter(({ apiGroups, resources }) => apiGroups.includes(group) && resources.includes(resource))
    .filter(({ resourceNames }) => resourceNames === undefined || resourceNames.some((one) => one === name))
    .flatMap(({ verbs }) => verbs);

/** What is asked again and again, and not watched. */
const POLLED: readonly string[] = [READS.usage.path, READS.leases.path, READS.jobs.path];
const neededFor = (path: string) =>
  rightOf(path).name !== undefined ? ['get'] : POLLED.includes(path) ? ['list'] : ['list', 'watch'];

/** What is no object of Kubernetes. */
const PATHS: readonly string[] = [READS.metrics.path];

it.each(PATHS)('the role for looking allows to read %s', (path) => {
  const rules = view?.rules.flatMap((rule) => ('nonResourceURLs' in rule ? [rule] : []));
  expect(rules).toEqual([{ nonResourceURLs: [path], verbs: ['get'] }]);
});

it.each(Object.values(READS).filter(({ path }) => !GRANTED.test(path) && !PATHS.includes(path)))(
  'the roles for looking allow to $what',
  ({ path }) => {
    expect(verbsOf([view, etcd], rightOf(path))).toEqual(expect.arrayContaining(neededFor(path)));
  },
);

it('the role for looking alone changes nothing, and runs nothing', () => {
  expect(new Set(view?.rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list', 'watch']));
  expect(
    rulesOf(view)
      .flatMap(({ resources }) => resources)
      .filter((resource) => resource.includes('/')),
  ).toEqual([]);
});

it.each([
  ['etcdctl', ETCD_NAMESPACE],
  ['the backup of the product', SALT_NAMESPACE],
])('the role for etcd allows to run %s, by both verbs that servers ask for', (_, namespace) => {
  expect(verbsOf([etcd], { group: '', resource: 'pods/exec', namespace })).toEqual(['get', 'create']);
});

it('the role for edits adds one verb', () => {
  expect(roles).toHaveLength(3);
  expect(edit?.rules).toEqual([{ apiGroups: [''], resources: ['nodes'], verbs: ['patch'] }]);
});
