import { etcdNodes } from '../../state/etcd-nodes.ts';
import { list } from '../../text/words.ts';
import { InputError } from '../errors.ts';
import { warningsFirst } from '../node-effect.ts';
import type { Effect, EtcdCommand, EtcdRequest, EtcdStep, Guard, MemberPlace, Plan } from '../operation.ts';
import { writeAccess, type Planning, type Unanswered } from '../plan.ts';
import { isForeseen } from '../refusal.ts';
import { linesOf, statusLine } from '../step-told.ts';
import { sizeWords } from './etcd-words.ts';
import type { EtcdReading } from './etcd-link.ts';
import {
  freedEffects,
  isLeader,
  keepsQuorum,
  learnerEffects,
  meanwhile,
  quotaEffects,
  RULES,
  type Rule,
} from './etcd-rules.ts';
import { aboutWhom, corruptAndGone } from './alarms.ts';
import { bestSuccessor } from './successor.ts';
import { memberWords, seatingOn, survey, type Seat, type Survey } from './survey.ts';

/** What a plan is made from: the survey, and the revision where one is compacted to. */
export type Ground = { readonly survey: Survey; readonly revision: string | null };

/**
 * The plan of what is asked of etcd, from what its members say now. Never rejects for what the cluster says: members
 * that cannot be asked are a refused guard. Throws an InputError for a member that is not there.
 */
export async function planEtcd(
  planning: Planning,
  request: EtcdRequest,
  reader: EtcdReading,
  signal?: AbortSignal,
): Promise<Plan> {
  const nodes = etcdNodes(planning.state);
  if (nodes.length === 0) return refusedPlan(planning, request, 'No node is known that runs etcd.');
  const names = nodes.map(({ name }) => name).sort();
  try {
    const [found, revision] = await Promise.all([
      survey(names, seatingOn(nodes), reader, signal),
      request.kind === 'disarm' ? reader.revision(names, signal) : null,
    ]);
    return planOn(planning, request, { survey: found, revision });
  } catch (error) {
    if (!isForeseen(error)) throw error;
    return refusedPlan(planning, request, `The members of etcd cannot be asked: ${error.message}`, UNASKED);
  }
}

/** The plan, once the members were asked. Pure. */
export function planOn(planning: Planning, request: EtcdRequest, ground: Ground): Plan {
  const { seats } = ground.survey;
  switch (request.kind) {
    case 'defragment': {
      const chosen = request.members.length === 0 ? seats : request.members.map((word) => seatNamed(seats, word));
      const steps = defragmenting([...new Set(chosen)], ground);
      return planWith(planning, ground, {
        name: 'defragment',
        title: `Defragment etcd on ${list(
          steps.length === 0 ? chosen.map(({ member }) => memberWords(member)) : steps.map(({ node }) => node),
          4,
        )}`,
        steps,
        rules: RULES.defragment(chosen),
        effects: [...meanwhile(ground.survey), ...freedEffects(chosen), ...learnerEffects(chosen), NOTHING_LOST],
      });
    }
    case 'disarm': {
      const steps = disarming(ground);
      return planWith(planning, ground, {
        name: 'disarm',
        title: 'Disarm the alarms of etcd',
        steps,
        rules: RULES.disarm,
        needsName: corruptAndGone(ground.survey).length > 0,
        effects:
          steps.length === 0
            ? [NO_ALARM]
            : [
                ...goneEffects(ground.survey),
                ...(needsSpace(ground.survey)
                  ? [...meanwhile(ground.survey), ...disarmEffects(ground.survey), ...learnerEffects(seats)]
                  : []),
              ],
      });
    }
    case 'move-leader': {
      const to = request.to === null ? bestSuccessor(ground.survey) : seatNamed(seats, request.to);
      const isThere = to !== null && isLeader(ground.survey, to);
      return planWith(planning, ground, {
        name: 'move-leader',
        title: to === null ? 'Move the leader of etcd' : `Move the leader of etcd to ${memberWords(to.member)}`,
        steps: to === null || isThere ? [] : moving(to, ground),
        unchanged: isThere ? [memberWords(to.member)] : [],
        rules: isThere ? [] : RULES['move-leader'](to),
        effects: isThere ? [] : [ELECTION],
      });
    }
  }
}

/** Refused when the members could not be asked, so that nothing is known of them. */
const UNASKED: Unanswered = 'members-asked';

const NO_ALARM: Effect = { severity: 'note', sentence: 'No alarm is raised: there is nothing to disarm.' };
const ELECTION: Effect = {
  severity: 'note',
  sentence:
    'Writes wait for the moment in which one leader hands over to the next; no member stops. Undo does not take it back: ' +
    'move the leader again.',
};
const NOTHING_LOST: Effect = { severity: 'note', sentence: 'No key changes by it, so there is nothing to take back.' };

const disarmEffects = (found: Survey): readonly Effect[] => [
  {
    severity: 'warning',
    sentence:
      'The history of all keys up to now is forgotten and does not come back. A watch or list that rests on it is answered ' +
      '410 Gone and begins anew; the API server has etcd forget as much every five minutes while it can write.',
  },
  ...quotaEffects(found),
];

/** An alarm CORRUPT is about data and not about space, and nothing is compacted for it. */
const needsSpace = ({ membership }: Survey): boolean => membership.alarms.some(({ kind }) => kind !== 'CORRUPT');

/** Nobody but the operator can say that the data of those who stayed agree. */
const goneEffects = (found: Survey): readonly Effect[] => {
  const gone = corruptAndGone(found);
  if (gone.length === 0) return [];
  const sentence =
    `The alarm CORRUPT of ${list(gone, 4)}, which is no member any more, goes as well: first see by ` +
    '"etcdctl endpoint hashkv --cluster" that the data of all that stayed agree.';
  return [{ severity: 'warning', sentence }];
};

/** The plan that is refused before there are steps. */
const refusedPlan = (planning: Planning, request: EtcdRequest, sentence: string, name = 'members-known'): Plan => ({
  ...emptyPlan(planning, request.kind, TITLES[request.kind]),
  guards: [writeAccess(planning.readOnly), { name, state: 'refused', sentence }],
});

const TITLES: Readonly<Record<EtcdRequest['kind'], string>> = {
  defragment: 'Defragment etcd',
  disarm: 'Disarm the alarms of etcd',
  'move-leader': 'Move the leader of etcd',
};

const emptyPlan = ({ id }: Planning, name: EtcdRequest['kind'], title: string): Plan => ({
  id,
  name,
  title,
  commands: [],
  steps: [],
  inOrder: true,
  unchanged: [],
  guards: [],
  effects: [],
  undoes: null,
  confirmation: null,
});

type Given = {
  readonly name: EtcdRequest['kind'];
  readonly title: string;
  readonly steps: readonly EtcdStep[];
  readonly unchanged?: readonly string[];
  readonly rules: readonly Rule[];
  /** The name of the cluster has to be typed, whatever becomes of the quorum. */
  readonly needsName?: boolean;
  readonly effects: readonly Effect[];
};

function planWith(planning: Planning, ground: Ground, given: Given): Plan {
  const guards = given.rules.map((rule): Guard => {
    const why = rule.refuses(ground.survey);
    return { name: rule.name, state: why === null ? 'passed' : 'refused', sentence: why ?? rule.passed(ground.survey) };
  });
  const stops = given.steps.some(({ task }) => task === 'defragment') && !keepsQuorum(ground.survey);
  return {
    ...emptyPlan(planning, given.name, given.title),
    commands: byHand(given.steps, planning.chosenContext),
    steps: given.steps,
    unchanged: given.unchanged ?? [],
    guards: [writeAccess(planning.readOnly), ...guards],
    effects: warningsFirst(given.effects),
    confirmation: stops || given.needsName === true ? (planning.state.server?.cluster ?? 'etcd') : null,
  };
}

/** The lines of the steps; after each defragmentation that something follows, the one that tells whether it may. */
const byHand = (steps: readonly EtcdStep[], chosenContext: string | undefined): readonly string[] =>
  steps.flatMap((step, index) => [
    ...linesOf([step], chosenContext),
    ...(step.task === 'defragment' && index < steps.length - 1 ? [statusLine(step.node, chosenContext)] : []),
  ]);

/** The member of that name, id or node. */
function seatNamed(seats: readonly Seat[], word: string): Seat {
  const seat =
    seats.find(({ member }) => member.name === word || member.id === word) ?? seats.find(({ node }) => node === word);
  if (seat) return seat;
  const names = list(seats.map(({ member }) => memberWords(member)).sort(), 9);
  throw new InputError(`etcd has no member "${word}"; it has ${names === '' ? 'none' : names}.`);
}

const placesOf = ({ seats }: Survey): readonly MemberPlace[] =>
  seats.flatMap(({ member: { id, name }, node }) => (node === null ? [] : [{ node, member: { id, name } }]));

function stepOn(seat: Seat, command: EtcdCommand, does: string, { survey: found }: Ground): readonly EtcdStep[] {
  const { node, member } = seat;
  if (node === null) return [];
  return [{ ...command, node, member: { id: member.id, name: member.name }, cluster: placesOf(found), does }];
}

/** The followers by name, the leader last; a learner takes no such command (etcd: "rpc not supported for learner"). */
function defragmenting(seats: readonly Seat[], ground: Ground): readonly EtcdStep[] {
  const leads = (seat: Seat) => isLeader(ground.survey, seat);
  return seats
    .filter(({ member }) => !member.isLearner)
    .toSorted(
      (one, other) =>
        Number(leads(one)) - Number(leads(other)) || (memberWords(one.member) < memberWords(other.member) ? -1 : 1),
    )
    .flatMap((seat) => {
      const role = leads(seat) ? 'leader' : 'follower';
      const does = `defragment member ${memberWords(seat.member)} (${role}): ${sizeWords(seat.figures)}`;
      const count = seat.figures?.defragmentations ?? null;
      return stepOn(seat, { task: 'defragment', leads: leads(seat), count }, does, ground);
    });
}

/** The leader, or without one any member: what is asked of it holds for all. */
const anySeat = ({ seats, ...found }: Survey): Seat | null =>
  seats.find((seat) => isLeader({ seats, ...found }, seat) && seat.node !== null) ??
  seats.find(({ node }) => node !== null) ??
  null;

function disarming(ground: Ground): readonly EtcdStep[] {
  const { survey: found } = ground;
  const { membership, seats } = found;
  const asked = anySeat(found);
  const { revision } = ground;
  if (membership.alarms.length === 0 || asked === null || revision === null) return [];
  const alarms = list(
    membership.alarms.map((alarm) => `${alarm.kind} of ${aboutWhom(found, alarm)}`),
    4,
  );
  const compaction = () => [
    ...stepOn(asked, { task: 'compact', revision }, `compact all members to revision ${revision}`, ground),
    ...defragmenting(seats, ground),
  ];
  return [...(needsSpace(found) ? compaction() : []), ...stepOn(asked, { task: 'disarm' }, `disarm ${alarms}`, ground)];
}

function moving(to: Seat, ground: Ground): readonly EtcdStep[] {
  const from = ground.survey.seats.find((seat) => isLeader(ground.survey, seat));
  if (from === undefined) return [];
  const does = `hand over from ${memberWords(from.member)} to ${memberWords(to.member)}`;
  const { id, name } = to.member;
  return stepOn(from, { task: 'move-leader', to: { id, name } }, does, ground);
}
