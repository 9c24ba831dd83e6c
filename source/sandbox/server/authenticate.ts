import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Random } from '../random.ts';
import { Refusal, unauthorized } from './status.ts';
import { ANONYMOUS, USERS, type SandboxUser, type User } from './users.ts';

/** The bearer tokens that the server takes. A rotated token is refused from then on. */
export class Tokens {
  readonly #random: Random;
  readonly #byUser = new Map<SandboxUser, string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** The token of a user, made when first asked for. */
  of(name: SandboxUser): string {
    const token = this.#byUser.get(name) ?? `sandbox-${name}-${this.#random.uuid()}`;
    this.#byUser.set(name, token);
    return token;
  }

  rotate(name: SandboxUser): string {
    this.#byUser.delete(name);
    return this.of(name);
  }

  owner(token: string): User | null {
    for (const [name, present] of this.#byUser) if (present === token) return USERS[name];
    return null;
  }
}

/**
 * The user of a request: by client certificate (common name and organisations), else by bearer token, else
 * anonymous. Throws the 401 for a credential that is given and not good: expired, of another CA, unknown token.
 */
export function authenticate(socket: Socket, headers: IncomingHttpHeaders, tokens: Tokens): User {
  const shown = socket instanceof TLSSocket ? certificateUser(socket) : null;
  if (shown) {
    if (!shown.good) throw unauthorized();
    return shown.user;
  }
  const authorization = headers.authorization;
  if (authorization === undefined) return ANONYMOUS;
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  const user = token === undefined ? null : tokens.owner(token);
  if (!user) throw unauthorized();
  return user;
}

type Subject = { CN?: string | string[]; O?: string | string[] };

function certificateUser(socket: TLSSocket): { user: User; good: boolean } | null {
  // Node answers an empty object when the client showed no certificate, whatever the types say.
  const { subject } = socket.getPeerCertificate() as { subject?: Subject };
  if (!subject) return null;
  const username = [subject.CN ?? ''].flat().join(',');
  const user = { username, groups: [...[subject.O ?? []].flat(), 'system:authenticated'] };
  return { user, good: socket.authorized };
}

/** The user that a request acts as: `Impersonate-User` and `Impersonate-Group` from those who may. */
export function impersonate(user: User, headers: IncomingHttpHeaders): User {
  const username = headers['impersonate-user'];
  if (typeof username !== 'string') return user;
  if (!user.groups.includes('system:masters')) {
    throw new Refusal(
      403,
      'Forbidden',
      `users "${username}" is forbidden: User "${user.username}" cannot impersonate resource "users" in API group "" at the cluster scope`,
      { name: username, kind: 'users' },
    );
  }
  const known = Object.values(USERS).find((each) => each.username === username);
  const groups = [headers['impersonate-group'] ?? []].flat().flatMap((each) => each.split(/, */));
  return {
    username,
    groups: [...new Set([...(groups.length > 0 ? groups : (known?.groups ?? [])), 'system:authenticated'])],
  };
}
