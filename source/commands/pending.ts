import { valueOf, whyNot } from '../model/reading.ts';
import { siteOf } from '../state/site.ts';
import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { exitCode } from './exit.ts';
import { print, say } from './output.ts';
import { pendingDocument, waitingPods } from './pending-answer.ts';
import { pendingText } from './pending-text.ts';

export const pending: Run = (call) =>
  withSession(
    call,
    { resources: ['nodes', 'pods', 'persistentVolumes', 'claims', 'storageClasses', 'volumes'] },
    async ({ store: { state }, now }) => {
      const reading = waitingPods(state);
      const waiting = valueOf(reading);
      await print(call, {
        document: () => pendingDocument(call, state, reading),
        text: (wide) => (waiting === null || waiting.length === 0 ? '' : pendingText(waiting, { wide, now: now() })),
      });
      if (waiting === null) {
        await say(call, `Which pods wait for a node is not known: ${whyNot(reading) ?? ''}.`);
        return exitCode('untold');
      }
      if (waiting.length === 0) await say(call, 'No pod waits for a node.');
      const storage = waiting.some(({ pod }) => pod.claims.length > 0) ? whyNot(siteOf(state).storage) : null;
      if (storage !== null) await say(call, `Where pods with claims could go is not known: ${storage}.`);
      return exitCode(waiting.length === 0 ? 'done' : 'bad');
    },
  );
