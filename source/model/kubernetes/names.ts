import { TAINT_EFFECTS } from './node.ts';

/*
 * What Kubernetes allows in names, so that a mistake is told before anything is sent (Kubernetes: apimachinery
 * validation). Each function gives null when all is well, else one sentence without a full stop that names what is
 * wrong and the rule. The text in it is as typed.
 */

const MOST_NAME = 63;
const MOST_PREFIX = 253;
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_RULE = "letters, digits, '-', '_' and '.', with a letter or digit first and last";
const SUBDOMAIN_RULE = "lower-case letters, digits, '-' and '.', with a letter or digit at both ends of each part";

function qualifiedNameProblem(thing: string, text: string): string | null {
  const says = (rule: string) => `${thing} "${text}" ${rule}`;
  if (text === '') return `${thing} must not be empty`;
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length > 1 ? parts[0] : undefined;
  if (parts.length > 2) return says('must have at most one "/", between prefix and name');
  if (prefix === '') return says('must have a DNS name before its "/", or no "/"');
  if (prefix !== undefined && prefix.length > MOST_PREFIX)
    return says(`has a prefix of ${prefix.length} characters, where at most ${MOST_PREFIX} are allowed`);
  if (prefix !== undefined && !SUBDOMAIN.test(prefix)) return says(`must have a DNS name as prefix: ${SUBDOMAIN_RULE}`);
  if (name === '') return says('must have a name after its "/"');
  if (name.length > MOST_NAME)
    return says(`has a name of ${name.length} characters, where at most ${MOST_NAME} are allowed`);
  return NAME.test(name) ? null : says(`must have a name of ${NAME_RULE}`);
}

function valueProblem(thing: string, text: string): string | null {
  if (text === '') return null;
  if (text.length > MOST_NAME)
    return `${thing} "${text}" has ${text.length} characters, where at most ${MOST_NAME} are allowed`;
  return NAME.test(text) ? null : `${thing} "${text}" must be empty or consist of ${NAME_RULE}`;
}

/** The key of a label: a name of at most 63 characters, with a DNS prefix of at most 253 before a "/" if wanted. */
export const labelKeyProblem = (key: string): string | null => qualifiedNameProblem('label key', key);

/** The value of a label: empty or a name of at most 63 characters. */
export const labelValueProblem = (value: string): string | null => valueProblem('label value', value);

/** The key of a taint: the rule of label keys. */
export const taintKeyProblem = (key: string): string | null => qualifiedNameProblem('taint key', key);

/** One of the three effects that Kubernetes knows; there is no default. */
export function taintEffectProblem(effect: string): string | null {
  if (TAINT_EFFECTS.some((known) => known === effect)) return null;
  const rule = `must be one of ${TAINT_EFFECTS.join(', ')}`;
  return effect === '' ? `taint effect is missing: it ${rule}` : `taint effect "${effect}" ${rule}`;
}

/** A taint that shall be set: key and value by the rules of labels, and an effect. */
export const taintProblem = (taint: {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}): string | null =>
  taintKeyProblem(taint.key) ?? valueProblem('taint value', taint.value) ?? taintEffectProblem(taint.effect);

/** The name of a Node: a DNS name of at most 253 characters. */
export function nodeNameProblem(name: string): string | null {
  if (name === '') return 'node name must not be empty';
  if (name.length > MOST_PREFIX)
    return `node name "${name}" has ${name.length} characters, where at most ${MOST_PREFIX} are allowed`;
  return SUBDOMAIN.test(name) ? null : `node name "${name}" must be a DNS name: ${SUBDOMAIN_RULE}`;
}
