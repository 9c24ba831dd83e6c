import { verdictOf } from '../checks/verdict/cluster.ts';
import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { exitCode } from './exit.ts';
import { EXIT_OF, healthDocument, healthText } from './health-answer.ts';
import { print } from './output.ts';
import { isSettled, untilSettled } from './settled.ts';
import { sightNow } from './sight.ts';

export const health: Run = (call) =>
  withSession(call, { live: true, answers: true }, async (session) => {
    session.attend('etcd');
    await untilSettled(call, session.store, isSettled);
    const verdict = verdictOf(sightNow(session));
    await print(call, {
      document: () => healthDocument(call, session.store.state, verdict),
      text: (wide) => healthText(verdict, wide),
    });
    return exitCode(EXIT_OF[verdict.verdict]);
  });
