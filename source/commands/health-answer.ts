import { AREAS, type AreaVerdict, type ClusterVerdict, type Verdict } from '../checks/verdict/verdict.ts';
import { SIGNS } from '../console/theme.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { visible } from '../text/visible.ts';
import type { Call } from './command.ts';
import { envelope } from './envelope.ts';
import type { Exit } from './exit.ts';
import type { HealthDocument } from './kinds/health.ts';
import { instantOrNull } from './told.ts';

/** How `health` ends on each verdict. */
export const EXIT_OF: Readonly<Record<Verdict, Exit>> = {
  healthy: 'done',
  degraded: 'bad',
  'at-risk': 'bad',
  unknown: 'untold',
};

const areaOf = ({ verdict, sentence, isAbsent }: AreaVerdict): HealthDocument['areas']['etcd'] =>
  isAbsent ? { verdict: null, verdictWhy: sentence, sentence } : { verdict, sentence };

/** The verdict as programs read it. */
export const healthDocument = (
  call: Call,
  state: ClusterState,
  { verdict, areas, reasons }: ClusterVerdict,
): HealthDocument => {
  const named = new Map(areas.map((area) => [area.area, areaOf(area)]));
  return {
    ...envelope('Health', state, call),
    verdict,
    reasons: reasons.map(({ area, severity, sentence, since, next }) => ({
      area,
      severity,
      sentence,
      since: instantOrNull(since),
      next,
    })),
    areas: Object.fromEntries(AREAS.map((area) => [area, named.get(area)])) as HealthDocument['areas'],
  };
};

const SIGN_OF: Readonly<Record<Verdict, string>> = {
  'at-risk': SIGNS.critical,
  degraded: SIGNS.warning,
  unknown: SIGNS.unknown,
  healthy: ' ',
};

const WORDS: Readonly<Record<Verdict, string>> = {
  healthy: 'healthy',
  unknown: 'unknown',
  degraded: 'degraded',
  'at-risk': 'AT RISK',
};

const line = (sign: string, sentence: string): string => `${sign} ${visible(sentence)}`.trimEnd();

/** Every reason of an area that its own sentence does not say; what is only told in the wide form alone. */
function reasonLines({ verdict, sentence: head, reasons }: AreaVerdict, wide: boolean): readonly string[] {
  const untold = reasons.filter(({ severity, sentence }) => severity !== 'healthy' && !head.includes(sentence));
  const shown = wide ? reasons : verdict === 'healthy' ? [] : untold;
  return shown.map(({ severity, sentence }) => `    ${line(SIGN_OF[severity], sentence)}`);
}

/** The verdict for people: the whole, then a line for each area. */
export function healthText({ verdict, areas }: ClusterVerdict, wide: boolean): string {
  const lines = areas.flatMap((area) => [
    line(area.isAbsent ? '-' : SIGN_OF[area.verdict], area.sentence),
    ...reasonLines(area, wide),
  ]);
  return `${[WORDS[verdict], ...lines].join('\n')}\n`;
}
