import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { READS } from '../../source/links/kubernetes/reads.ts';

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] };

const text = readFileSync(new URL('../../docs/rbac.md', import.meta.url), 'utf8');
const roles = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml ?? '') as { rules: Rule[] });

/** What Kubernetes grants to everybody who is logged in. */
const GRANTED = /^\/version$|selfsubjectaccessreviews$/;

/** Group, resource and name in the path of a request. */
const PATH = /^(?:\/api|\/apis\/([^/]+))\/v[^/]+\/([^/]+)(?:\/(.+))?$/;

/** What is asked again and again, and cannot be watched. */
const POLLED: readonly string[] = [READS.usage.path];

it.each(Object.values(READS).map(({ what, path }) => [what, path] as const))(
  'the role for looking allows to %s',
  (_, path) => {
    const [, group = '', resource = '', name] = PATH.exec(path) ?? [];
    const allowed = roles[0]?.rules
      .filter(({ apiGroups, resources }) => apiGroups.includes(group) && resources.includes(resource))
      .flatMap(({ verbs }) => verbs);
    const needed = name !== undefined ? ['get'] : POLLED.includes(path) ? ['list'] : ['list', 'watch'];
    if (!GRANTED.test(path)) expect(allowed).toEqual(expect.arrayContaining(needed));
  },
);

it('the role for edits adds one verb', () => {
  expect(roles[1]?.rules).toEqual([{ apiGroups: [''], resources: ['nodes'], verbs: ['patch'] }]);
});
