import { alerts, monitoring, salt } from './absent.ts';
import { backup } from './backup.ts';
import { certificates } from './certificates.ts';
import { controlPlane } from './control-plane.ts';
import { etcd } from './etcd.ts';
import { worstFirst, worstOf } from './judged.ts';
import { nodes } from './nodes.ts';
import type { Judge, Sight } from './sight.ts';
import { AREAS, type Area, type AreaVerdict, type ClusterVerdict } from './verdict.ts';

/** Who judges each area. */
const JUDGES: Readonly<Record<Area, Judge>> = {
  'control-plane': controlPlane,
  etcd,
  nodes,
  certificates,
  backup,
  alerts,
  monitoring,
  salt,
};

/** The whole of its areas: as bad as the worst of those that are there. */
export const wholeOf = (areas: readonly AreaVerdict[]): ClusterVerdict => ({
  verdict: worstOf(areas.filter(({ isAbsent }) => !isAbsent).map(({ verdict }) => verdict)),
  areas,
  reasons: worstFirst(areas.flatMap(({ reasons }) => reasons)),
});

/** How the cluster is, as far as it is seen. Pure: the same sight gives the same words. */
export const verdictOf = (sight: Sight): ClusterVerdict => wholeOf(AREAS.map((area) => JUDGES[area](sight)));
