import { Agent } from 'node:http';
import type { EtcdFigures, EtcdHealth } from '../../model/etcd/etcd.ts';
import type { Clock } from '../kubernetes/clock.ts';
import { bracketed } from '../kubernetes/doors.ts';
import { exchange } from '../kubernetes/exchange.ts';
import { LinkFailure, type FailureKind } from '../kubernetes/failure.ts';
import { within } from '../kubernetes/time-limit.ts';
import { ETCD_METRICS_PORT } from './etcdctl.ts';
import { readFigures, readHealth, whoseOf, type Decode } from './pages.ts';
import { LONGEST_ANSWER } from './reader.ts';

/**
 * The second door: a member asked at its own address, by plain HTTP and without credentials, for when the API server
 * does not answer. `address` is scheme, host and port. Rejects with a LinkFailure or with the signal's reason.
 */
export type EtcdDirectly = {
  /**
   * Only of a member of the same etcd: one of `seen`, the ids of the members seen before, in hex. Where none was seen,
   * whoever answers is believed. Rejects with kind `protocol` for any other.
   */
  readonly figures: (
    node: string,
    address: string,
    seen: ReadonlySet<string>,
    signal?: AbortSignal,
  ) => Promise<EtcdFigures>;
  /** Of whoever answers there, which says no more than that: to be asked after the figures. */
  readonly health: (node: string, address: string, signal?: AbortSignal) => Promise<EtcdHealth>;
};

/** Where a member serves its figures and its health, on the control-plane address of its node. */
export const directAddress = (address: string): string => `http://${bracketed(address)}:${ETCD_METRICS_PORT}`;

export function createEtcdDirectly(userAgent: string, clock: Clock): EtcdDirectly {
  const ask = async <T>(
    path: string,
    { node, address, signal }: { node: string; address: string; signal: AbortSignal | undefined },
    decode: Decode<T>,
  ): Promise<T> => {
    const asked = { what: `ask the member of etcd on ${node}`, server: address };
    // Nothing is kept: whoever comes here comes seldom, and from a server that may be about to go.
    const agent = new Agent();
    const limit = { clock, milliseconds: LONGEST_ANSWER, signal, late: () => tooLate(node) };
    try {
      return await within(limit, async (signal) => {
        const answer = await exchange({
          ...asked,
          method: 'GET',
          path,
          headers: { Accept: '*/*', 'User-Agent': userAgent, 'Accept-Encoding': 'gzip' },
          body: undefined,
          agent,
          proxy: null,
          connectTimeout: LONGEST_ANSWER,
          clock,
          silence: LONGEST_ANSWER,
          answers: [503],
          signal,
        });
        return decode(answer, asked, node);
      });
    } catch (error) {
      throw error instanceof LinkFailure ? atDoor(error, node, address) : error;
    } finally {
      agent.destroy();
    }
  };
  return {
    figures: async (node, address, seen, signal) => {
      const figures = await ask('/metrics', { node, address, signal }, readFigures);
      if (seen.size > 0 && (figures.id === null || !seen.has(figures.id))) throw another(node, address, figures.id);
      return figures;
    },
    health: (node, address, signal) => ask('/health', { node, address, signal }, readHealth),
  };
}

const another = (node: string, address: string, id: string | null) =>
  new LinkFailure({
    kind: 'protocol',
    message:
      `What answers at ${address} is not the member of etcd on ${node}: ` +
      `${id === null ? 'it does not say which member it is' : `it is the member ${id}, which was not seen in this cluster`}; ` +
      'look whose address that is.',
    sent: true,
  });

const tooLate = (node: string) =>
  new LinkFailure({ kind: 'timeout', message: `${whoseOf(node)} gave no answer.`, sent: true });

const CAUSES: Readonly<Partial<Record<FailureKind, string>>> = {
  refused: 'the connection was refused',
  timeout: `no answer came within ${LONGEST_ANSWER / 1_000} s`,
  unreachable: 'it cannot be reached',
};

/** Only who is not there is told in words of this door: any other failure is of what answered. */
function atDoor(failure: LinkFailure, node: string, address: string): LinkFailure {
  const cause = CAUSES[failure.kind];
  if (cause === undefined) return failure;
  return failure.reworded(
    `${whoseOf(node)} does not answer at ${address}, asked there because the API server gives no answer: ${cause}; ` +
      'look at etcd on that node, and whether this machine reaches the control plane.',
  );
}
