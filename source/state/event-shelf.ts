import type { EventRow } from '../model/kubernetes/event.ts';
import type { Picture } from './picture.ts';

/** Events kept a node; the oldest go first. */
export const EVENTS_A_NODE = 100;

/** An event without a time is older than any that has one. */
const isAfter = (one: EventRow, other: EventRow): boolean => {
  const [left, right] = [one.at ?? -Infinity, other.at ?? -Infinity];
  return left === right ? one.uid > other.uid : left > right;
};

/** Puts an event among those of its node, in the place of the one with its uid. */
export function putEvent(picture: Picture, event: EventRow): void {
  removeEvent(picture, event.uid);
  const rows = [...(picture.eventsByNode.get(event.node) ?? [])];
  const place = rows.findLastIndex((row) => isAfter(event, row)) + 1;
  rows.splice(place, 0, event);
  picture.eventNodes.set(event.uid, event.node);
  for (const dropped of rows.splice(0, rows.length - EVENTS_A_NODE)) picture.eventNodes.delete(dropped.uid);
  picture.eventsByNode.set(event.node, rows);
}

/** Takes an event away; a uid that is not there changes nothing. */
export function removeEvent(picture: Picture, uid: string): void {
  const node = picture.eventNodes.get(uid);
  if (node === undefined) return;
  picture.eventNodes.delete(uid);
  const rows = picture.eventsByNode.get(node)?.filter((row) => row.uid !== uid) ?? [];
  if (rows.length > 0) picture.eventsByNode.set(node, rows);
  else picture.eventsByNode.delete(node);
}
