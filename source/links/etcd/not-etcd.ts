import { visible } from '../../text/visible.ts';
import { LinkFailure } from '../kubernetes/failure.ts';

/** So much of what came is told, to see whose it is. */
const SHOWN = 40;

/** What came is no answer of etcd; `whose` and `what` as in "the member on master-1", "the metrics of etcd". */
export function notEtcd(whose: string, what: string, text: string): LinkFailure {
  const begin = text.trim().slice(0, SHOWN);
  const came = begin === '' ? 'it is empty' : `it begins with "${visible(begin)}"`;
  return new LinkFailure({
    kind: 'protocol',
    message: `What ${whose} answered is not ${what}: ${came}; look for something else that listens there, or a proxy in between.`,
    sent: true,
  });
}

/** What came is of an etcd whose answers leave out what has to be known. */
export const tooOld = (whose: string, version: string): LinkFailure =>
  new LinkFailure({
    kind: 'protocol',
    message: `What ${whose} answered is the status of etcd ${visible(version)}, which tells no alarms: this console knows etcd since 3.4; upgrade it.`,
    sent: true,
  });

export const tooLong = (whose: string, most: number): LinkFailure =>
  new LinkFailure({
    kind: 'protocol',
    message: `What ${whose} answered is longer than ${most / 2 ** 20} MiB, more than etcd tells: it was not read; look for something else that listens there.`,
    sent: true,
  });
