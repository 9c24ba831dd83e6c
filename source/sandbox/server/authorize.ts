import { Refusal } from './status.ts';
import { ROLES, type PathRule, type ResourceRule, type User } from './users.ts';

/** What a request wants to do, as an authoriser sees it. */
export type ResourceAttributes = {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
};
export type PathAttributes = { verb: string; path: string };
export type Attributes = ResourceAttributes | PathAttributes;

export type Decision = { allowed: boolean; reason?: string };

/** Takes a right away while the server runs; what is left out means any. */
export type Denial = { username?: string; verb?: string; group?: string; resource?: string };

const covers = (allowed: readonly string[], wanted: string): boolean =>
  allowed.includes('*') || allowed.includes(wanted);

const coversPath = (allowed: readonly string[], path: string): boolean =>
  allowed.some((each) => each === path || (each.endsWith('*') && path.startsWith(each.slice(0, -1))));

const nameOf = ({ resource, subresource }: ResourceAttributes): string =>
  subresource === undefined ? resource : `${resource}/${subresource}`;

export const allowsResource = (rule: ResourceRule, attributes: ResourceAttributes): boolean =>
  covers(rule.verbs, attributes.verb) &&
  covers(rule.apiGroups, attributes.group) &&
  covers(rule.resources, nameOf(attributes));

const allowsPath = (rule: PathRule, { verb, path }: PathAttributes): boolean =>
  covers(rule.verbs, verb) && coversPath(rule.nonResourceURLs, path);

const denies = (denial: Denial, { username }: User, attributes: ResourceAttributes): boolean =>
  (denial.username ?? username) === username &&
  (denial.verb ?? attributes.verb) === attributes.verb &&
  (denial.group ?? attributes.group) === attributes.group &&
  (denial.resource ?? nameOf(attributes)) === nameOf(attributes);

/** Whether a user may do something, with the reason that RBAC gives. */
export function decide(user: User, attributes: Attributes, denials: Iterable<Denial>): Decision {
  const onPath = 'path' in attributes;
  if (!onPath && [...denials].some((denial) => denies(denial, user, attributes))) return { allowed: false };
  if (user.groups.includes('system:masters')) return { allowed: true };
  for (const role of ROLES) {
    const group = role.groups.find((each) => user.groups.includes(each));
    if (group === undefined) continue;
    const allowed = onPath
      ? role.nonResourceRules.some((rule) => allowsPath(rule, attributes))
      : role.resourceRules.some((rule) => allowsResource(rule, attributes));
    if (allowed) {
      return {
        allowed,
        reason: `RBAC: allowed by ClusterRoleBinding "${role.name}" of ClusterRole "${role.name}" to Group "${group}"`,
      };
    }
  }
  return { allowed: false };
}

/** The 403 of a request that was not allowed. */
export function forbidden({ username }: User, attributes: Attributes): Refusal {
  const headers = { 'x-content-type-options': 'nosniff' };
  if ('path' in attributes) {
    const message = `forbidden: User "${username}" cannot ${attributes.verb} path "${attributes.path}"`;
    return new Refusal(403, 'Forbidden', message, {}, { headers });
  }
  const { verb, group, resource, namespace, name } = attributes;
  const what = group === '' ? resource : `${resource}.${group}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const message = `${what}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${username}" cannot ${verb} resource "${nameOf(attributes)}" in API group "${group}" ${where}`;
  const details = { ...(name === undefined ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource };
  return new Refusal(403, 'Forbidden', message, details, { headers });
}
