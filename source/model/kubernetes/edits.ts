import { labelKeyProblem, labelValueProblem, taintKeyProblem, taintProblem } from './names.ts';
import type { Taint } from './node.ts';

/*
 * kubectl's grammar for edits of labels and taints on a command line. Problems are one sentence without a full stop
 * that names the argument and the rule.
 */

export type Problem = { readonly problem: string };
export type LabelEdits = { readonly set: Readonly<Record<string, string>>; readonly remove: readonly string[] };
export type TaintEdits = {
  readonly add: readonly Pick<Taint, 'key' | 'value' | 'effect'>[];
  /** `effect` null removes every taint of that key. */
  readonly remove: readonly { readonly key: string; readonly effect: string | null }[];
};

export const isProblem = (result: object): result is Problem => 'problem' in result;

const wrong = (argument: string, rule: string): Problem => ({ problem: `"${argument}": ${rule}` });

/**
 * Words of a command as kubectl divides them: names of nodes up to the first word that is an edit (it contains "=" or
 * ":", or ends with "-"), from there on edits alone.
 */
export function splitNodesAndEdits(words: readonly string[]): { nodes: string[]; edits: string[] } | Problem {
  const isEdit = (word: string) => /[=:]/.test(word) || (word.endsWith('-') && word !== '-');
  const first = words.findIndex(isEdit);
  const nodes = first === -1 ? [...words] : words.slice(0, first);
  const edits = first === -1 ? [] : words.slice(first);
  const late = edits.find((word) => !isEdit(word));
  if (late !== undefined) return wrong(late, 'is no edit, and names of nodes go before the first edit');
  return { nodes, edits };
}

/** `KEY=VALUE` sets a label (an empty value too), `KEY-` removes one. */
export function parseLabelArguments(args: readonly string[]): LabelEdits | Problem {
  const set = new Map<string, string>();
  const remove = new Set<string>();
  for (const argument of args) {
    const [key = '', value, ...rest] = argument.split('=');
    if (value === undefined && !argument.endsWith('-'))
      return wrong(argument, 'a label is set with KEY=VALUE and removed with KEY-');
    if (rest.length > 0) return wrong(argument, 'a label has one "=", between key and value');
    const name = value === undefined ? argument.slice(0, -1) : key;
    const problem = labelKeyProblem(name) ?? (value === undefined ? null : labelValueProblem(value));
    if (problem !== null) return wrong(argument, problem);
    if (value === undefined) remove.add(name);
    else if ((set.get(name) ?? value) !== value) return wrong(argument, `label ${name} is given two values`);
    else set.set(name, value);
    if (set.has(name) && remove.has(name)) return wrong(argument, `label ${name} is both set and removed`);
  }
  return { set: Object.fromEntries(set), remove: [...remove] };
}

const TAINT_FORMS = 'a taint is set with KEY=VALUE:EFFECT or KEY:EFFECT and removed with KEY:EFFECT- or KEY-';

/** `KEY[=VALUE]:EFFECT` sets a taint; `KEY[=VALUE]:EFFECT-` removes it, `KEY-` every taint of the key. */
export function parseTaintArguments(args: readonly string[]): TaintEdits | Problem {
  const add = new Map<string, Pick<Taint, 'key' | 'value' | 'effect'>>();
  const remove = new Map<string, { key: string; effect: string | null }>();
  for (const argument of args) {
    const removal = argument.endsWith('-');
    const [identity = '', effect, ...moreEffects] = (removal ? argument.slice(0, -1) : argument).split(':');
    const [key = '', value = '', ...moreValues] = identity.split('=');
    if (moreEffects.length > 0 || moreValues.length > 0 || (effect === undefined && (!removal || identity !== key)))
      return wrong(argument, TAINT_FORMS);
    const problem = effect !== undefined ? taintProblem({ key, value, effect }) : taintKeyProblem(key);
    if (problem !== null) return wrong(argument, problem);
    if (removal) remove.set(`${key}:${effect ?? ''}`, { key, effect: effect ?? null });
    else if (add.has(`${key}:${effect ?? ''}`)) return wrong(argument, 'key and effect together are given twice');
    else add.set(`${key}:${effect ?? ''}`, { key, value, effect: effect ?? '' });
  }
  for (const [identity, { key }] of add)
    if (remove.has(identity) || remove.has(`${key}:`)) return wrong(identity, 'the taint is both set and removed');
  return { add: [...add.values()], remove: [...remove.values()] };
}
