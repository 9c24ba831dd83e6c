import { timestamp } from '../clock.ts';
import { decide, type Attributes, type Denial } from './authorize.ts';
import { badRequest } from './status.ts';
import { ROLES, type User } from './users.ts';

type Review = {
  user: User;
  spec: Readonly<Record<string, unknown>>;
  denials: Iterable<Denial>;
  now: number;
};

const text = (record: Readonly<Record<string, unknown>>, field: string): string | undefined => {
  const value = record[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function attributesOf(spec: Readonly<Record<string, unknown>>): Attributes {
  const onResource = spec['resourceAttributes'];
  if (isRecord(onResource)) {
    const [subresource, namespace, name] = ['subresource', 'namespace', 'name'].map((field) => text(onResource, field));
    return {
      verb: text(onResource, 'verb') ?? '',
      group: text(onResource, 'group') ?? '',
      resource: text(onResource, 'resource') ?? '',
      ...(subresource === undefined ? {} : { subresource }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    };
  }
  const onPath = spec['nonResourceAttributes'];
  if (isRecord(onPath)) return { verb: text(onPath, 'verb') ?? '', path: text(onPath, 'path') ?? '' };
  throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified');
}

/** Rules without those that a denial takes away as a whole. */
function rulesOf({ user, denials }: Review): { resourceRules: object[]; nonResourceRules: object[] } {
  const roles = ROLES.filter(({ groups }) => groups.some((group) => user.groups.includes(group)));
  const denied = [...denials].filter(({ username }) => username === undefined || username === user.username);
  const kept = (resource: string, verb: string): boolean =>
    !denied.some((denial) => (denial.resource ?? resource) === resource && (denial.verb ?? verb) === verb);
  return {
    resourceRules: roles.flatMap(({ resourceRules }) =>
      resourceRules.flatMap((rule) =>
        denied.length === 0
          ? [rule]
          : rule.resources.flatMap((resource) => {
              const verbs = rule.verbs.filter((verb) => kept(resource, verb));
              return verbs.length === 0 ? [] : [{ ...rule, resources: [resource], verbs }];
            }),
      ),
    ),
    nonResourceRules: roles.flatMap(({ nonResourceRules }) => nonResourceRules),
  };
}

/** What each kind of review answers, beside its kind and version. */
const REVIEWS: Readonly<Record<string, { kind: string; group: string; answer: (review: Review) => object }>> = {
  selfsubjectreviews: {
    kind: 'SelfSubjectReview',
    group: 'authentication.k8s.io',
    answer: ({ user: { username, groups, uid }, now }) => ({
      metadata: { creationTimestamp: timestamp(now) },
      status: { userInfo: { username, ...(uid === undefined ? {} : { uid }), groups } },
    }),
  },
  selfsubjectaccessreviews: {
    kind: 'SelfSubjectAccessReview',
    group: 'authorization.k8s.io',
    answer: ({ user, spec, denials }) => ({
      metadata: { creationTimestamp: null },
      spec,
      status: decide(user, attributesOf(spec), denials),
    }),
  },
  selfsubjectrulesreviews: {
    kind: 'SelfSubjectRulesReview',
    group: 'authorization.k8s.io',
    answer: (review) => ({
      metadata: { creationTimestamp: null },
      spec: {},
      status: { ...rulesOf(review), incomplete: false },
    }),
  },
};

export const isReview = (group: string, plural: string): boolean => REVIEWS[plural]?.group === group;

/** Answers a review: what the caller is, and what it may do. Nothing is stored. */
export function review(plural: string, body: unknown, review: Omit<Review, 'spec'>): object {
  const row = REVIEWS[plural];
  if (!row || !isRecord(body)) throw badRequest('the body of a review is an object');
  const spec = isRecord(body['spec']) ? body['spec'] : {};
  return { kind: row.kind, apiVersion: `${row.group}/v1`, ...row.answer({ ...review, spec }) };
}
