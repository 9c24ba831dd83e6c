import type { EtcdSource } from '../model/etcd/etcd.ts';
import { valueOf, whyNot } from '../model/reading.ts';
import { AGE_STEP, steadyAge } from '../text/age.ts';
import { list, plural } from '../text/words.ts';
import type { EtcdPicture } from './etcd.ts';
import type { EtcdRow, Learnt } from './etcd-rows.ts';

/** What a member is called: its name, and before it has one what is known of it instead. Hostile text. */
export const memberName = ({ name, node, key }: Pick<EtcdRow, 'name' | 'node' | 'key'>): string =>
  name === '' ? (node ?? key) : name;

/** Whether a member answers and says that it is well; null where nobody knows. */
export const isWell = ({ health }: Pick<EtcdRow, 'health'>): boolean | null =>
  health.state === 'known' ? health.value.healthy : null;

/** How a member is, in a word or two, and since when where that is not well. */
export function healthWords(row: EtcdRow, now: number): string {
  const { role, isListed, health, healthSince, healthFrom } = row;
  const since = healthSince === null || now - healthSince < AGE_STEP ? '' : ` ${steadyAge(healthSince, now)}`;
  if (role === 'not-started') return `not started${since}`;
  if (isListed === false) return 'no member here';
  if (health.state === 'known')
    return health.value.healthy ? 'ok' : `${health.value.reason === '' ? 'unhealthy' : health.value.reason}${since}`;
  return healthFrom.failure === null ? 'not asked yet' : `no answer${since}`;
}

/** What the members can bear, in pieces: how many are well, the quorum, how many more may fail. */
export function quorumPieces({ quorum }: EtcdPicture): readonly string[] {
  const value = valueOf(quorum);
  if (value === null) return [`quorum not known: ${whyNot(quorum) ?? ''}`];
  const { voters, needed, healthy, canLose, isKept, counted } = value;
  const by = counted === 'members' ? '' : ' by their pods';
  return [
    `${healthy} of ${plural(voters, 'member')}${by}`,
    `quorum ${needed}`,
    isKept ? `CAN LOSE ${canLose}` : 'NO QUORUM',
  ];
}

/** What the next loss would mean, or what the last one did, in a sentence. */
export function outlookWords({ quorum, alarms }: EtcdPicture): string {
  const value = valueOf(quorum);
  if (value === null) return 'Whether another member may fail is not known: do nothing that could cost one.';
  const { voters, needed, healthy, canLose, isKept } = value;
  if (!isKept)
    return (
      `Nothing can be changed in the cluster: ${healthy} of ${plural(voters, 'member')} ${healthy === 1 ? 'is' : 'are'} well, ` +
      `${needed} are needed. What runs goes on; nothing new starts, and nothing that fails is replaced.`
    );
  if (valueOf(alarms)?.some(({ kind }) => kind === 'NOSPACE') === true)
    return 'etcd is full: nothing can be changed in the cluster until it has room and the alarm is disarmed.';
  if (voters === 1) return 'There is one member: when it fails, nothing can be changed in the cluster.';
  if (canLose === 0)
    return 'Every member that is left is needed: when one more fails, nothing can be changed in the cluster.';
  const more = canLose === 1 ? 'One more member may fail' : `${canLose} more members may fail`;
  return `${more}; if ${canLose + 1} do, nothing can be changed in the cluster.`;
}

const BY: Readonly<Record<EtcdSource, string>> = {
  'pod proxy': 'by the pod proxy',
  etcdctl: 'by etcdctl',
  directly: 'directly',
};

/** A source with its age, as in "by the pod proxy 5s ago", and since when it does not answer; why, `failuresOf` says. */
export function learntWords({ last, failure }: Learnt, now: number): string {
  const told = last === null ? 'not told yet' : `${BY[last.source]} ${steadyAge(last.at, now)} ago`;
  if (failure === null) return told;
  const silence = now - failure.since < AGE_STEP ? 'no answer now' : `no answer for ${steadyAge(failure.since, now)}`;
  return `${told}, ${silence}`;
}

/** Why some of the sources do not answer: each reason once, with all members of which it is true. Hostile text. */
export function failuresOf({ members, membershipFrom }: EtcdPicture): readonly string[] {
  const told = new Map<string, { readonly sentence: string; readonly also: Set<string> }>();
  const tell = ({ failure }: Learnt, node: string | null, name: string) => {
    if (failure === null) return;
    const { why } = failure.failure;
    const reason = node === null ? why : why.replaceAll(node, NAMED);
    const before = told.get(reason);
    if (before === undefined) told.set(reason, { sentence: why, also: new Set() });
    else if (before.sentence !== why) before.also.add(name);
  };
  tell(membershipFrom, null, '');
  for (const row of members)
    for (const learnt of [row.healthFrom, row.figuresFrom]) tell(learnt, row.node, memberName(row));
  return Array.from(told.values(), ({ sentence, also }) =>
    also.size === 0 ? sentence : `${sentence.replace(/\.$/, '')}; so it is with ${list([...also], 5)}.`,
  );
}

/** Stands for the node of a member in what is the same for several. */
const NAMED = '\u0000';
