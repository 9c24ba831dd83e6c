import type { HostPort, NodeTerm, Placement, Requirement, Unmodelled } from '../../model/kubernetes/placement.ts';
import { asArray, asName, asNumber, asObject, asObjects, asText, asTexts, type Fields } from './fields.ts';

export const decodeRequirement = (requirement: Fields): Requirement => ({
  key: asText(requirement['key']),
  operator: asText(requirement['operator']),
  values: asArray(requirement['values']).map(asText),
});

const decodeTerm = (term: Fields): NodeTerm => ({
  labels: asObjects(term['matchExpressions']).map(decodeRequirement),
  fields: asObjects(term['matchFields']).map(decodeRequirement),
});

/** A node selector of the API (v1): its terms, or null where there is none. */
export const decodeTerms = (selector: unknown): readonly NodeTerm[] | null => {
  const terms = asObject(selector)?.['nodeSelectorTerms'];
  return terms === undefined ? null : asObjects(terms).map(decodeTerm);
};

/** Ports of the machine that the containers take; those of an init container only while it goes on as a sidecar. */
function hostPortsOf(spec: Fields | null): readonly HostPort[] {
  const sidecars = asObjects(spec?.['initContainers']).filter((container) => container['restartPolicy'] === 'Always');
  return [...asObjects(spec?.['containers']), ...sidecars].flatMap((container) =>
    asObjects(container['ports']).flatMap((entry) => {
      const port = asNumber(entry['hostPort']);
      if (port === null || port <= 0) return [];
      return [{ address: asText(entry['hostIP']), protocol: asName(entry['protocol']) ?? 'TCP', port }];
    }),
  );
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const COUNTED: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

const asksBeyond = (spec: Fields | null): boolean =>
  [...asObjects(spec?.['containers']), ...asObjects(spec?.['initContainers'])].some((container) =>
    Object.keys(asObject(asObject(container['resources'])?.['requests']) ?? {}).some((name) => !COUNTED.has(name)),
  );

/** What of the scheduler's rules for this pod is not worked out, each with how it is recognised. */
const UNMODELLED: readonly (readonly [Unmodelled, (spec: Fields | null) => boolean])[] = [
  [
    'affinity between pods',
    (spec) => {
      const affinity = asObject(spec?.['affinity']);
      return ['podAffinity', 'podAntiAffinity'].some(
        (kind) => asObjects(asObject(affinity?.[kind])?.[REQUIRED]).length > 0,
      );
    },
  ],
  [
    'spread over topologies',
    (spec) =>
      asObjects(spec?.['topologySpreadConstraints']).some((each) => each['whenUnsatisfiable'] === 'DoNotSchedule'),
  ],
  ['extended resources', asksBeyond],
  ['resource claims', (spec) => asObjects(spec?.['resourceClaims']).length > 0],
  ['another scheduler', (spec) => (asName(spec?.['schedulerName']) ?? 'default-scheduler') !== 'default-scheduler'],
];

/** Where the spec of a Pod (v1) lets it be placed. */
export const decodePlacement = (spec: Fields | null): Placement => ({
  selector: asTexts(spec?.['nodeSelector']),
  terms: decodeTerms(asObject(asObject(spec?.['affinity'])?.['nodeAffinity'])?.[REQUIRED]),
  hostPorts: hostPortsOf(spec),
  unmodelled: UNMODELLED.filter(([, is]) => is(spec)).map(([name]) => name),
});

/** Claims that a pod mounts; the claim of a generic ephemeral volume is named after pod and volume (Kubernetes). */
export const claimsOf = (spec: Fields | null, pod: string): readonly string[] =>
  asObjects(spec?.['volumes']).flatMap((volume) => {
    const claim = asName(asObject(volume['persistentVolumeClaim'])?.['claimName']);
    if (claim !== null) return [claim];
    return asObject(volume['ephemeral']) === null ? [] : [`${pod}-${asText(volume['name'])}`];
  });
