import { ETCD_ALERTS, type EtcdAlert, type SampledFigure } from '../../product/etcd.ts';
import type { EtcdSample } from '../../state/cluster-state.ts';
import { memberName } from '../../state/etcd-words.ts';
import type { EtcdRow } from '../../state/etcd-rows.ts';
import { list } from '../../text/words.ts';
import { FIGURES, type Counted } from './alert-figures.ts';
import type { Finding } from './judged.ts';
import { sinceWords } from './since.ts';
import type { Verdict } from './verdict.ts';

/** A member and what it told in the last hour, oldest first. */
export type ToldMember = { readonly row: EtcdRow; readonly samples: readonly EtcdSample[] };

const milliseconds = (seconds: number): string => `${Math.round(seconds * 1_000)} ms`;
const percent = (part: number): string => `${Math.floor(part * 100)}%`;

/** What a member does when a figure is beyond its limit, and what several do. */
type Words = { readonly one: (value: number) => string; readonly many: (value: number) => string };

const needs = (what: string): Words => ({
  one: (value) => `needs ${milliseconds(value)} ${what} (p99)`,
  many: (value) => `need ${milliseconds(value)} ${what} (p99)`,
});

const WORDS: Readonly<Record<SampledFigure, Words>> = {
  leaderless: { one: () => 'sees no leader', many: () => 'see no leader' },
  quotaUsed: {
    one: (value) => `has ${percent(value)} of its quota taken`,
    many: (value) => `have ${percent(value)} of their quota taken`,
  },
  quotaForeseen: { one: () => 'is full within 4h as it grows now', many: () => 'are full within 4h as they grow now' },
  fsyncP99: needs('for an fsync'),
  commitP99: needs('for a commit'),
  requestTime: needs('for a request'),
  roundTrip: needs('to a peer and back'),
  failedRequests: {
    one: (value) => `fails ${percent(value)} of its requests`,
    many: (value) => `fail ${percent(value)} of their requests`,
  },
  failedProposals: {
    one: (value) => `fails ${Math.round(value)} proposals a second`,
    many: (value) => `fail ${Math.round(value)} proposals a second`,
  },
  peerFailures: { one: () => 'cannot send to a peer', many: () => 'cannot send to a peer' },
  leaderChanges: {
    one: (value) => `the leader changed ${Math.round(value)} times in 15m`,
    many: (value) => `the leader changed ${Math.round(value)} times in 15m`,
  },
};

/** What all members see alike, and nobody in particular does. */
const COMMON: SampledFigure = 'leaderChanges';

type Sampled = EtcdAlert & { readonly figure: SampledFigure };
const isSampled = (alert: EtcdAlert): alert is Sampled => Object.hasOwn(WORDS, alert.figure);
const SAMPLED = ETCD_ALERTS.filter(isSampled);

const isBeyond = ({ limit, reaches }: EtcdAlert, value: number): boolean =>
  reaches === true ? value >= limit : value > limit;

/** What was found of each alert in the samples of a member, which are another list when one comes. */
const looked = new WeakMap<readonly EtcdSample[], Map<Sampled, Counted | null>>();

/** Since when a figure is beyond its limit without a break, and how far it is now; null where it is not, or not told. */
function beyond(alert: Sampled, samples: readonly EtcdSample[]): Counted | null {
  const known = looked.get(samples) ?? new Map<Sampled, Counted | null>();
  looked.set(samples, known);
  const before = known.get(alert);
  if (before !== undefined) return before;
  const counted = lookBack(alert, samples);
  known.set(alert, counted);
  return counted;
}

function lookBack(alert: Sampled, samples: readonly EtcdSample[]): Counted | null {
  const { figure, over } = alert;
  let found: Counted | null = null;
  for (let index = samples.length - 1; index >= 0; index -= 1) {
    const counted = FIGURES[figure].at({ samples, index, over });
    if (counted === null || !isBeyond(alert, counted.value)) break;
    found = { value: found === null ? counted.value : found.value, from: counted.from };
  }
  return found;
}

const FULL: Readonly<Record<EtcdAlert['severity'], Verdict>> = { critical: 'at-risk', warning: 'degraded' };

/** How bad an alert is before its time is over: a critical one is worth a look, a warning may yet pass. */
const PENDING: Readonly<Record<EtcdAlert['severity'], Verdict>> = { critical: 'degraded', warning: 'healthy' };

/** How bad an alert is that has held for so long, ms. */
export const severityOf = ({ severity, holds }: EtcdAlert, held: number): Verdict =>
  (held >= holds ? FULL : PENDING)[severity];

function findingOf(alert: Sampled, { row, samples }: ToldMember, now: number): Finding | null {
  const found = beyond(alert, samples);
  if (found === null) return null;
  const { one, many } = WORDS[alert.figure];
  const since = sinceWords(found.from, now);
  const common = {
    severity: severityOf(alert, now - found.from),
    since: found.from,
    next: { screen: 'etcd', object: row.key },
  } as const;
  const who = memberName(row);
  if (alert.figure === COMMON) return { ...common, sentence: `${one(found.value)}${since}` };
  return {
    ...common,
    sentence: `${who} ${one(found.value)}${since}`,
    alike: { who, words: `${many(found.value)}${since}` },
  };
}

/** What the alerts say of members, none of which is `leftOut`; of the alerts about one figure the worst alone. */
function firing(told: readonly ToldMember[], now: number, leftOut: ReadonlySet<SampledFigure>): readonly Finding[] {
  let isCommonSaid = false;
  return told.flatMap((member) => {
    const found = new Map<SampledFigure, Finding>();
    for (const alert of SAMPLED) {
      const { figure } = alert;
      if (leftOut.has(figure) || found.has(figure) || (figure === COMMON && isCommonSaid)) continue;
      const finding = findingOf(alert, member, now);
      if (finding !== null) found.set(figure, finding);
    }
    isCommonSaid ||= found.has(COMMON);
    return [...found.values()];
  });
}

/** What a figure is called that a member does not tell; those that are not here are not told by every etcd. */
const UNTOLD: Readonly<Partial<Record<SampledFigure, string>>> = {
  leaderless: 'whether it has a leader',
  quotaUsed: 'its quota',
  fsyncP99: 'its fsync',
  commitP99: 'its commits',
  failedProposals: 'its proposals',
};

/** What cannot be judged of a member, since it tells no figures, or not these. */
function unknownOf({ row, samples }: ToldMember): readonly Finding[] {
  const { failure } = row.figuresFrom;
  const who = memberName(row);
  const unknown = (words: string, together: string): readonly Finding[] => [
    {
      severity: 'unknown',
      sentence: `${who} ${words}`,
      alike: { who, words: together },
      next: { screen: 'etcd', object: row.key },
    },
  ];
  if (failure !== null) {
    const why = failure.failure.why.replace(/\.$/, '');
    return unknown(`tells no figures: ${why}`, 'tell no figures');
  }
  const last = samples.at(-1);
  if (last === undefined)
    return row.figuresFrom.last === null ? unknown('has told no figures yet', 'have told no figures yet') : [];
  const missing = Object.entries(UNTOLD).filter(([figure]) => !FIGURES[figure as SampledFigure].isTold(last.figures));
  if (missing.length === 0) return [];
  const what = list(missing.map(([, name]) => name));
  return unknown(`does not tell ${what}`, `do not tell ${what.replaceAll('its', 'their')}`);
}

/**
 * What the alerts of the product say of members that answer, by the console's own samples of them; `leftOut` is what
 * others say already. A figure that is not told is unknown. How long requests take is measured by few (etcd:
 * `--metrics=extensive`), which is told where nobody does.
 */
export function alertFindings(
  members: readonly ToldMember[],
  now: number,
  leftOut: ReadonlySet<SampledFigure> = new Set(),
): readonly Finding[] {
  const told = members.filter(({ row }) => row.figuresFrom.failure === null);
  return [...firing(told, now, leftOut), ...members.flatMap(unknownOf), ...unmeasured(told)];
}

function unmeasured(told: readonly ToldMember[]): readonly Finding[] {
  const last = told.flatMap(({ samples }) => samples.at(-1) ?? []);
  if (last.length === 0 || last.some(({ figures }) => FIGURES.requestTime.isTold(figures))) return [];
  return [
    {
      severity: 'healthy',
      sentence: 'how long requests take is not measured: etcd does so only with --metrics=extensive',
      next: { screen: 'etcd', object: null },
    },
  ];
}
