// The tests' own plain client: no watch, no retry, nothing of the console's, so that it can judge the console.
import { Agent, request as httpsRequest } from 'node:https';
import type { Identity } from './certificates.ts';

export type Answer = { readonly status: number; readonly body: unknown };

export type ContentType =
  | 'application/json'
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json';

export type Api = {
  /**
   * Sends one request and gives back whatever the server answers.
   * @throws on an error of the connection only
   */
  ask(method: string, path: string, body?: unknown, contentType?: ContentType): Promise<Answer>;
  /**
   * Sends one request that has to succeed, and gives back the object in the answer.
   * @throws when the status is not 2xx, with the server's message
   */
  do<T = unknown>(method: string, path: string, body?: unknown, contentType?: ContentType): Promise<T>;
  close(): void;
};

const CONNECTIONS = 32;
const TIMEOUT = 60_000;

/** A client of the API server at `url` with a certificate of its own. */
export function createApi(url: string, authority: string, identity: Identity): Api {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: CONNECTIONS,
    ca: authority,
    cert: identity.certificate,
    key: identity.key,
  });
  const ask: Api['ask'] = (method, path, body, contentType = 'application/json') =>
    new Promise((resolve, reject) => {
      const content = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        accept: 'application/json',
        'user-agent': 'real-tier',
        ...(content !== undefined && { 'content-type': contentType, 'content-length': Buffer.byteLength(content) }),
      };
      const sent = httpsRequest(new URL(path, url), { agent, method, headers, timeout: TIMEOUT }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const json = response.headers['content-type']?.startsWith('application/json') ?? false;
          resolve({ status: response.statusCode ?? NaN, body: json ? JSON.parse(text) : text });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer within ${TIMEOUT / 1000} s.`)));
      sent.on('error', reject);
      sent.end(content);
    });
  return {
    ask,
    async do<T>(method: string, path: string, body?: unknown, contentType?: ContentType) {
      const answer = await ask(method, path, body, contentType);
      if (answer.status < 200 || answer.status > 299)
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as T;
    },
    close: () => agent.destroy(),
  };
}
