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

export const etcd: Run = (call) =>
  withSession(call, { live: true, answers: true }, async (session) => {
    session.attend('etcd');
    await untilSettled(call, session.store, isEtcdSettled);
    const sight = sightNow(session);
    const area = judge(sight);
    await print(call, {
      document: () => etcdDocument(call, session.store.state, sight, area),
      text: (wide) => etcdText(sight, wide),
    });
    return exitCode(EXIT_OF[area.verdict]);
  });
