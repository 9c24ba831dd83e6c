// What the scheduler says of pods that fit nowhere, in its own words: "0/3 nodes are available: 1 Insufficient cpu, 2 …".

/** A reason and of how many nodes it was said. */
export type Reasons = ReadonlyMap<string, number>;

/** Its phrases, and the kind of obstacle that each stands for; what follows the kind is what the phrase tells besides. */
const PHRASES: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/^node\(s\) were unschedulable$/, () => 'cordoned'],
  [
    /^node\(s\) had taint \{(.*): (.*)\}, that the pod didn't tolerate$/,
    ([, key = '', value = '']) => `taint ${key}=${value}`,
  ],
  [/^node\(s\) didn't match (?:Pod's )?node (?:affinity|selector)(?:\/selector)?$/, () => 'label or affinity'],
  [/^node\(s\) didn't have free ports for the requested pod ports$/, () => 'port'],
  [/^Insufficient cpu$/, () => 'short cpu'],
  [/^Insufficient memory$/, () => 'short memory'],
  [/^Insufficient ephemeral-storage$/, () => 'short ephemeralStorage'],
  [/^Too many pods$/, () => 'short pods'],
  [/^node\(s\) had volume node affinity conflict$/, () => 'claim elsewhere'],
  [/^node\(s\) didn't find available persistent volumes to bind$/, () => 'claim no-volume'],
  [/^persistentvolumeclaim ".*" not found$/, () => 'claim no-claim'],
  [/^pod has unbound immediate PersistentVolumeClaims$/, () => 'claim not-bound'],
];

/**
 * The reasons in a message of the scheduler.
 * @throws when it holds a phrase that the table does not
 */
export function reasonsIn(message: string): Reasons {
  const list = /^0\/\d+ nodes are available: (.*)\.$/.exec(message)?.[1];
  if (list === undefined) throw new Error(`The scheduler says something else: ${message}`);
  const reasons = new Map<string, number>();
  // A phrase may hold a comma, but no digit follows it.
  for (const part of list.split(/, (?=\d+ )/)) {
    const [, count = '', phrase = ''] = /^(\d+) (.*)$/.exec(part) ?? [];
    const kind = PHRASES.map(([form, kindOf]) => {
      const found = form.exec(phrase);
      return found && kindOf(found);
    }).find((one) => one !== null);
    if (!kind) throw new Error(`No obstacle stands for: ${part}`);
    reasons.set(kind, (reasons.get(kind) ?? 0) + Number(count));
  }
  return reasons;
}

/** Readable, in a fixed order. */
export const reasonWords = (reasons: Reasons): string[] =>
  [...reasons].map(([kind, count]) => `${count} ${kind}`).sort((a, b) => a.localeCompare(b, 'en'));
