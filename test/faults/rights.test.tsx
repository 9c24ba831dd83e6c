import { describe, expect, test } from 'vitest';
import { READS } from '../../source/links/kubernetes/reads.ts';
import { RESOURCES, type Resource } from '../../source/model/cluster-event.ts';
import { PATIENT, BEGINNINGS, openAt, passUntil, rightAgain, show, startPlace, type Place } from './place.tsx';
import type { Spoken } from './spoken.ts';

/** Wide enough for all that is said of sources. */
const COLUMNS = 200;

/** A right is asked for again within a minute: it may be given, and a resource may come, while the console runs. */
const ASKED_AGAIN = 60_000;

const refusal = (code: 403 | 404, message: string): Spoken => ({
  status: code,
  body: JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message,
    reason: code === 403 ? 'Forbidden' : 'NotFound',
    code,
  }),
});

/** What the server calls each resource, and what is said in its place when it is not there; null for nothing at all. */
const NAMES: Readonly<Record<Resource, readonly [name: string, absent: string | null]>> = {
  nodes: ['nodes', 'Cannot list nodes at SERVER: the server could not find the requested resource; check the name.'],
  pods: ['pods', 'Cannot list pods at SERVER: the server could not find the requested resource; check the name.'],
  events: ['events', 'Cannot list events at SERVER: the server could not find the requested resource; check the name.'],
  usage: ['nodes of metrics.k8s.io', '? usage not known'],
  persistentVolumes: ['persistentvolumes', '? volumes not known'],
  claims: ['persistentvolumeclaims', '? volume claims not known'],
  storageClasses: ['storageclasses', '? storage classes not known'],
  volumes: ['volumes of storage.metalk8s.scality.com', null],
  deployments: ['deployments.apps', '? Deployments not known'],
  daemonSets: ['daemonsets.apps', '? DaemonSets not known'],
  statefulSets: ['statefulsets.apps', '? StatefulSets not known'],
};

/** Words that stand in place of a figure for want of each resource; no figure is made up. */
const UNKNOWN: Readonly<Partial<Record<Resource, readonly string[]>>> = {
  nodes: ['X no data'],
  pods: ['FREE FOR WORKLOADS ?', 'LARGEST HOLE ?', 'IF THE LARGEST NODE IS LOST ?'],
};

const answering = ({ wire }: Place, resource: Resource, answer: Spoken) => {
  const { path } = READS[resource];
  // A measurement of the round trip asks for one node, whatever else there is to read.
  wire.hurt = (passing) => (passing.path.split('?')[0] === path ? { answer: () => answer } : undefined);
  return () => {
    wire.hurt = null;
  };
};

describe.each(RESOURCES)('%s', (resource) => {
  const [name, absent] = NAMES[resource];
  const lacking = [
    {
      code: 403,
      answer: refusal(403, `${name} is forbidden: User "me" cannot list resource "${name}" in API group ""`),
      says: ['nodes', 'pods', 'events'].includes(resource)
        ? `Cannot list ${name} at SERVER: user "me" has no right to list ${name} (403); ask an administrator for it.`
        : `! no right to list ${name}`,
    },
    { code: 404, answer: refusal(404, 'the server could not find the requested resource'), says: absent },
  ] as const;

  test.concurrent.for(lacking)(
    '$code: said once, unknown and not zero, and back once it is there',
    PATIENT,
    async (given, context) => {
      const atEnd = context.onTestFinished;
      const place = await startPlace(atEnd);
      const lift = answering(place, resource, given.answer);
      const session = await openAt(atEnd, place);
      const screen = show(atEnd, session, place, { columns: COLUMNS });
      const text = () => screen.text().replaceAll(place.wire.url, 'SERVER');
      const state = given.code === 403 ? 'denied' : 'absent';
      await passUntil(
        place,
        () =>
          session.store.state.resources[resource].status.state === state &&
          (given.says === null || text().includes(given.says)),
        `"${String(given.says)}"`,
      );
      if (given.says !== null) expect(text().split(given.says), text()).toHaveLength(2);
      expect(text().match(BEGINNINGS) ?? [], text()).toHaveLength(given.says?.startsWith('Cannot') === true ? 1 : 0);
      for (const words of UNKNOWN[resource] ?? []) expect(text()).toContain(words);
      lift();
      await passUntil(place, () => session.store.state.resources[resource].status.state === 'live', 'it', ASKED_AGAIN);
      await rightAgain(place, session, screen);
    },
  );
});
