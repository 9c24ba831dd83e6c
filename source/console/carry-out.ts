import type { Plan } from '../operations/operation.ts';
import type { Session } from '../session/session.ts';
import type { Action, Ticketed } from './interface-state.ts';
import type { Request } from './view.ts';

/** Requests that the terminal, not the session, answers. */
export type TerminalRequest = Extract<Request, { type: 'show-scene' | 'quit' | 'suspend' | 'redraw' }>;
export type CarryOut = (asked: Ticketed, answer: (action: Action) => void) => void;

export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Carries out what screens ask for: plans and their application by the session, the rest by the terminal. */
export const carrier = (session: Session, ofTerminal: (request: TerminalRequest) => void): CarryOut => {
  /** What stops the operations that are on their way, by their tickets. */
  const stops = new Map<number, AbortController>();
  return ({ request, ticket }, answer) => {
    const planned = (plan: Promise<Plan>) =>
      plan.then(
        (ready) => answer({ type: 'planned', ticket, plan: ready }),
        (error: unknown) => answer({ type: 'not-planned', ticket, sentence: sentenceOf(error) }),
      );
    switch (request.type) {
      case 'plan':
        void planned(session.plan(request.nodes, request.edit));
        return;
      case 'plan-undo':
        void planned(session.planUndo());
        return;
      case 'plan-etcd':
        void planned(session.planEtcd(request.request));
        return;
      case 'plan-backup':
        void planned(session.planBackup());
        return;
      case 'apply': {
        const stop = new AbortController();
        stops.set(ticket, stop);
        session
          .apply(request.plan, (progress) => answer({ type: 'progress', ticket, progress }), stop.signal)
          .then(
            (results) => answer({ type: 'applied', ticket, plan: request.plan, results }),
            (error: unknown) => answer({ type: 'not-planned', ticket, sentence: sentenceOf(error) }),
          )
          .finally(() => stops.delete(ticket));
        return;
      }
      case 'stop':
        stops.get(ticket)?.abort();
        return;
      default:
        ofTerminal(request);
    }
  };
};
