import type { Sight } from '../checks/verdict/sight.ts';
import type { Session } from '../session/session.ts';
import { controlPlanePicture } from '../state/control-plane.ts';
import { etcdPicture } from '../state/etcd.ts';
import { createNodeTable } from '../state/node-table.ts';

/** All that a verdict is made from, as it is known now. */
export function sightNow({ store: { state }, now }: Pick<Session, 'store' | 'now'>): Sight {
  const at = now();
  return {
    state,
    rows: createNodeTable()(state).rows,
    etcd: etcdPicture(state, at),
    controlPlane: controlPlanePicture(state, at),
    now: at,
  };
}
