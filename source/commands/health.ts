import { verdictOf } from '../checks/verdict/cluster.ts';
import { valueOf } from '../model/reading.ts';
import type { Session } from '../session/session.ts';
import { etcdPicture } from '../state/etcd.ts';
import { withSession } from './cluster.ts';
import type { Call, Run } from './command.ts';
import { exitCode } from './exit.ts';
import { EXIT_OF, healthDocument, healthText } from './health-answer.ts';
import { print } from './output.ts';
import { isSettled, untilSettled, type Settled } from './settled.ts';
import { sightNow } from './sight.ts';

/** How long the other members are waited for once a quorum seems lost, ms: one that is gone is told after 3 s. */
const LAST_WORD = 3_500;

/** Whether etcd has no quorum by those of its members that answered: all else that is asked of the cluster waits for one. */
const isLost =
  ({ now }: Pick<Session, 'now'>): Settled =>
  (state) =>
    state.asked.etcdHealth.size > 0 && valueOf(etcdPicture(state, now()).quorum)?.isKept === false;

/** Waits until all that makes a verdict has come; without a quorum, until it is sure that there is none. */
async function untilJudged(call: Call, session: Session): Promise<void> {
  const { store } = session;
  const lost = isLost(session);
  await untilSettled(call, store, (state) => isSettled(state) || lost(state));
  if (lost(store.state)) await untilSettled(call, store, isSettled, LAST_WORD);
}

export const health: Run = (call) =>
  withSession(call, { live: true, answers: true }, async (session) => {
    session.attend('etcd');
    await untilJudged(call, session);
    const verdict = verdictOf(sightNow(session));
    await print(call, {
      document: () => healthDocument(call, session.store.state, verdict),
      text: (wide) => healthText(verdict, wide),
    });
    return exitCode(EXIT_OF[verdict.verdict]);
  });
