import { etcd as judge } from '../checks/verdict/etcd.ts';
import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { etcdDocument } from './etcd-item.ts';
import { etcdText } from './etcd-text.ts';
import { exitCode } from './exit.ts';
import { EXIT_OF } from './health-answer.ts';
import { print } from './output.ts';
import { isEtcdSettled, untilSettled } from './settled.ts';
import { sightNow } from './sight.ts';

/** How long is waited for a member that does not answer, ms: then it is told as one that does not. */
const PATIENCE = 10_000;

export const etcd: Run = (call) =>
  withSession(call, { live: true }, async (session) => {
    session.attend('etcd');
    await untilSettled(session.store, PATIENCE, call.signal, isEtcdSettled);
    const sight = sightNow(session);
    const area = judge(sight);
    await print(call, {
      document: () => etcdDocument(call, session.store.state, sight, area),
      text: (wide) => etcdText(sight, wide),
    });
    return exitCode(EXIT_OF[area.verdict]);
  });
