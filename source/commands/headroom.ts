import { parseFit, type FitRequest } from '../model/headroom/fits.ts';
import { isProblem } from '../model/kubernetes/edits.ts';
import { valueOf, whyNot } from '../model/reading.ts';
import { roleLabel, type Role } from '../product/roles.ts';
import { checkNodeName } from './choose-nodes.ts';
import { withSession } from './cluster.ts';
import type { Call, Run } from './command.ts';
import { exitCode, UsageError, type Exit } from './exit.ts';
import { answerOf, LARGEST, type HeadroomAnswer, type Question } from './headroom-answer.ts';
import { headroomDocument } from './headroom-item.ts';
import { headroomText } from './headroom-text.ts';
import { readRole } from './nodes.ts';
import { print, say } from './output.ts';

function readFit(text: string, role: Role | null): FitRequest {
  const request = parseFit(text);
  if (isProblem(request)) throw new UsageError(`--fits: ${request.problem}.`);
  return role === null ? request : { ...request, selector: { ...request.selector, [roleLabel(role)]: '' } };
}

function readQuestion({ flags }: Call): Question {
  const role = readRole(flags.role);
  const lost = flags['if-lost'] ?? null;
  if (lost !== null && lost !== LARGEST) checkNodeName(lost);
  return { role, lost, fits: (flags.fits ?? []).map((text) => readFit(text, role)) };
}

/** Bad when something that was asked for does not fit; what is not asked for is only told. */
function endOf({ question, loss, fits }: HeadroomAnswer): Exit {
  const lost = question.lost === null ? null : valueOf(loss);
  if (lost?.fits === false || valueOf(fits)?.some((fit) => !fit.fits) === true) return 'bad';
  const lossUntold = question.lost !== null && (lost === null || lost.untold.length > 0);
  return whyNot(fits) !== null || lossUntold ? 'untold' : 'done';
}

/** What the answer does not hold and why: metrics are told to people alone, since they may well not be there. */
function asides({ chosen, fits, loss, storage }: HeadroomAnswer, wide: boolean): readonly string[] {
  const pods = whyNot(fits);
  const used = wide ? whyNot(chosen.used) : null;
  const untold = valueOf(loss)?.untold.length === 0 ? null : whyNot(storage);
  return [
    ...(pods === null ? [] : [`What pods request is not known, so neither is what is left: ${pods}.`]),
    ...(untold === null ? [] : [`Where pods with claims could go is not known: ${untold}.`]),
    ...(used === null ? [] : [`What nodes use is not known: ${used}.`]),
  ];
}

export const headroom: Run = (call) => {
  const question = readQuestion(call);
  const wide = call.flags.output === 'wide';
  return withSession(
    call,
    { resources: ['nodes', 'pods', 'usage', 'persistentVolumes', 'claims', 'storageClasses', 'volumes'] },
    async ({ store: { state } }) => {
      const answer = answerOf(state, question);
      await print(call, {
        document: () => headroomDocument(call, state, answer),
        text: (inWide) => headroomText(answer, inWide),
      });
      for (const sentence of asides(answer, wide)) await say(call, sentence);
      return exitCode(endOf(answer));
    },
  );
};
