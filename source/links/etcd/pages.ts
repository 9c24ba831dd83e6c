import type { EtcdFigures, EtcdHealth } from '../../model/etcd/etcd.ts';
import { readText, type Answer } from '../kubernetes/exchange.ts';
import { statusFailure, type Asked } from '../kubernetes/failure.ts';
import { decodeHealth } from './decode.ts';
import { decodeFigures } from './figures.ts';

// The two pages that a member serves by plain HTTP, through whichever door they came.

/** MiB; a member of a large cluster writes some 0.2. */
export const LARGEST_PAGE = 2;

/** A member in sentences. */
export const whoseOf = (node: string): string => `The member of etcd on ${node}`;

/** How a page of the member on a node becomes a value. */
export type Decode<T> = (answer: Answer, asked: Asked, node: string) => Promise<T>;

/** What a member measures. Throws a LinkFailure for an answer that is none, or passes 2 MiB. */
export async function readFigures(answer: Answer, asked: Asked, node: string): Promise<EtcdFigures> {
  const text = await readText(answer, asked, LARGEST_PAGE);
  if (answer.status !== 200) throw refused(answer, asked, text);
  return decodeFigures(text, `the member on ${node}`);
}

/** How a member is; one that is not healthy says so with the status 503. Throws a LinkFailure for any other answer. */
export async function readHealth(answer: Answer, asked: Asked, node: string): Promise<EtcdHealth> {
  const text = await readText(answer, asked, LARGEST_PAGE);
  if (answer.status !== 200 && !/^\s*\{\s*"health"/.test(text)) throw refused(answer, asked, text);
  return decodeHealth(text, `the member on ${node}`);
}

const refused = ({ status, headers }: Answer, asked: Asked, body: string) =>
  statusFailure(asked, {
    status,
    body,
    retryAfter: headers['retry-after'],
    date: headers.date,
    page: /text\/html/i.test(headers['content-type'] ?? ''),
  });
