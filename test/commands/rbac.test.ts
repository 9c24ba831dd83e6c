import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { READS } from '../../source/links/kubernetes/reads.ts';

type Rule = { resources: string[]; verbs: string[] };

const text = readFileSync(new URL('../../docs/rbac.md', import.meta.url), 'utf8');
const roles = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml ?? '') as { rules: Rule[] });

/** What Kubernetes grants to everybody who is logged in. */
const GRANTED = /^\/version$|selfsubjectaccessreviews$/;

it.each(Object.values(READS).map(({ what, path }) => [what, path] as const))(
  'the role for looking allows to %s',
  (_, path) => {
    const [, resource = '', name] = /^\/api\/v1\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    const allowed = roles[0]?.rules
      .filter(({ resources }) => resources.includes(resource))
      .flatMap(({ verbs }) => verbs);
    const needed = name === undefined ? ['list', 'watch'] : ['get'];
    if (!GRANTED.test(path)) expect(allowed).toEqual(expect.arrayContaining(needed));
  },
);

it('the role for edits adds one verb', () => {
  expect(roles[1]?.rules).toEqual([{ apiGroups: [''], resources: ['nodes'], verbs: ['patch'] }]);
});
