/**
 * Fields whose values many objects of the world have in common, or that seldom change with them. How they look on the
 * wire is worked out once and kept for as long as the value is there: values are never changed in place.
 */
export const SHARED_PARTS: ReadonlySet<string> = new Set([
  'affinity',
  'allocatable',
  'annotations',
  'capacity',
  'conditions',
  'containers',
  'containerStatuses',
  'hostIPs',
  'images',
  'initContainers',
  'initContainerStatuses',
  'labels',
  'managedFields',
  'nodeInfo',
  'nodeSelector',
  'ownerReferences',
  'tolerations',
  'volumes',
]);

/** What is worked out once for each value. */
export function keptFor<T>(make: (value: object) => T): (value: object) => T {
  const kept = new WeakMap<object, T>();
  return (value) => {
    const known = kept.get(value);
    if (known !== undefined) return known;
    const made = make(value);
    kept.set(value, made);
    return made;
  };
}
