// How many pods of a size fit, and where.
import { parseFit, whatFits } from '../../../source/model/headroom/fits.ts';
import type { Candidate } from '../../../source/model/headroom/site.ts';
import { ANYWHERE } from '../../../source/model/kubernetes/placement.ts';
import { comparison } from '../comparison.ts';
import { met, OVER_COMMITTED, SCHEDULER, type Court } from './court.ts';
import type { Sizing } from './questions.ts';
import { removePods } from './site.ts';
import { OLDER } from './told.ts';

export const FITS = {
  most: comparison('replicas that fit in all', SCHEDULER, `Created, and a few more. ${OVER_COMMITTED}`),
  where: comparison('replicas that fit on each node', SCHEDULER, `Where more were created than fit. ${OVER_COMMITTED}`),
};

/** More than this is not created to see whether it fits. */
const MOST_REPLICAS = 60;
const FEW_MORE = 3;

const counted = (names: readonly string[]): string[] =>
  [...Map.groupBy(names, (name) => name)].map(([name, all]) => `${name}:${all.length}`).sort();

/** How many replicas of a size fit, and where. */
export async function compareFits({ api, judge, site }: Court, sizing: Sizing, number: number): Promise<void> {
  const parsed = parseFit(`${sizing.words},replicas=1`);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const fit = whatFits(site, { ...parsed, selector: sizing.selector });
  const most = Math.min(fit.most, MOST_REPLICAS);
  const pods = Array.from({ length: most + FEW_MORE }, (_, replica) => sizing.pod(`fit-${number}-${replica}`));
  const verdicts = [...(await judge.judge(pods)).values()];
  const bound = verdicts.flatMap((verdict) => ('node' in verdict ? [verdict.node] : []));
  const candidate = candidateOf(parsed, sizing);
  const refused = new Set(
    site.places.filter((place) => OLDER(candidate, place, site.storage).length > 0).map(({ node }) => node.name),
  );
  const older = fit.where.filter(({ node }) => !refused.has(node));
  const olderMost = older.reduce((sum, { replicas }) => sum + replicas, 0);
  const where = `${sizing.words} on ${JSON.stringify(sizing.selector)}`;
  const capped = (count: number) => String(Math.min(count, pods.length));
  FITS.most.compare(where, capped(fit.most), String(bound.length), () => capped(olderMost) === String(bound.length));
  if (fit.most < pods.length) {
    met.inPart += Number(fit.most > 0);
    const told = (nodes: typeof fit.where) => nodes.map(({ node, replicas }) => `${node}:${replicas}`).sort();
    const found = counted(bound);
    FITS.where.compare(where, told(fit.where), found, () => told(older).join() === found.join());
  }
  await removePods(api, pods);
  await judge.settle(site.places.length);
}

const candidateOf = ({ cpu, memory, ephemeralStorage }: Candidate['requests'], { selector }: Sizing): Candidate => ({
  namespace: '',
  requests: { cpu, memory, ephemeralStorage },
  tolerations: [],
  placement: { ...ANYWHERE, selector },
  claims: [],
  priority: 0,
});
