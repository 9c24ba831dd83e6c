import { backup } from '../checks/verdict/backup.ts';
import { certificates as judgeCertificates } from '../checks/verdict/certificates.ts';
import { controlPlane as judgeControlPlane } from '../checks/verdict/control-plane.ts';
import { worstOf } from '../checks/verdict/judged.ts';
import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { certificatesDocument, controlPlaneDocument } from './control-plane-item.ts';
import { certificatesText, controlPlaneText } from './control-plane-text.ts';
import { exitCode } from './exit.ts';
import { EXIT_OF } from './health-answer.ts';
import { print } from './output.ts';
import { sentences } from './section.ts';
import { areAllCertificatesSettled, areNodesSeen, isControlPlaneSettled, untilSettled } from './settled.ts';
import { sightNow } from './sight.ts';

export const controlPlane: Run = (call) =>
  withSession(call, { live: true, answers: true }, async (session) => {
    // Who the masters are has to be known for each of them to be asked.
    await untilSettled(call, session.store, areNodesSeen);
    session.attend('control-plane');
    await untilSettled(call, session.store, isControlPlaneSettled);
    const sight = sightNow(session);
    const areas = [judgeControlPlane, judgeCertificates, backup].map((judge) => judge(sight));
    const whole = {
      verdict: worstOf(areas.map(({ verdict }) => verdict)),
      sentence: areas.map(({ sentence }) => sentence).join('; '),
    };
    await print(call, {
      document: () => controlPlaneDocument(call, session.store.state, sight, whole),
      text: (wide) => `${sentences(`${whole.sentence}.`)}\n${controlPlaneText(sight, wide)}`,
    });
    return exitCode(EXIT_OF[whole.verdict]);
  });

export const certificates: Run = (call) =>
  withSession(call, { live: true, answers: true }, async (session) => {
    await untilSettled(call, session.store, areNodesSeen);
    session.attend('control-plane');
    await untilSettled(call, session.store, areAllCertificatesSettled);
    const sight = sightNow(session);
    const area = judgeCertificates(sight);
    await print(call, {
      document: () => certificatesDocument(call, session.store.state, sight, area),
      text: (wide) => certificatesText(sight, wide),
    });
    return exitCode(EXIT_OF[area.verdict]);
  });
