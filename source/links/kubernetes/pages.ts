import type { Connection } from './connection.ts';
import { readJson, type Answer } from './exchange.ts';
import { LinkFailure, protocolFailure, type Asked } from './failure.ts';
import { asName, asNumber, asObject } from './fields.ts';
import { requestEither } from './negotiation.ts';
import { isProtobuf, listStream } from './protobuf-stream.ts';
import type { ReadField } from './protobuf.ts';
import { asFailure } from './watch-events.ts';

/** A resource as it is listed: where, which of it, and its name for sentences, as in "nodes". */
export type Listing = {
  readonly name: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** How an object is read from protobuf; without it JSON alone is asked for. */
  readonly protobuf?: ReadField | undefined;
};

/** Some items of a list, in its order: as many as came together, or were told together. */
export type Part = {
  readonly items: readonly unknown[];
  /** The moment that its page shows: that of the first page, unless the list took too long. */
  readonly resourceVersion: string;
  /** Whether a page ends with it. */
  readonly ends: boolean;
  /** Items after its page; null when the server does not say. */
  readonly remaining: number | null;
};

/** Large enough that round trips do not count, small enough that the server sends the first items soon. */
const PAGE_SIZE = '500';
/** Most items of a part: taking them in must not hold up a frame. */
const LARGEST_PART = 100;
/** Objects are at most a few MB in etcd. */
const LONGEST_ITEM = 16 * 1024 * 1024;

/**
 * Lists page by page, from storage and not from the server's cache, so that what comes is true now. Where a page tells
 * of the next one before its items, as protobuf does, that is asked for while this one is read. Whoever reads so slowly
 * that the version expires between two pages gets the rest as it is then, with that version (the token of the 410, an
 * "inconsistent continuation" of the Kubernetes API): what was changed since is told by a watch from the first version,
 * or, where that has expired too, by another list. Throws a LinkFailure; kind `gone` when there is no reading on.
 */
export async function* partsOf(
  connection: Pick<Connection, 'request' | 'access'>,
  listing: Listing,
  signal?: AbortSignal,
): AsyncGenerator<Part> {
  const about = { what: `list ${listing.name}`, server: connection.access.server };
  const leaving = new AbortController();
  const reading = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
  const askOnce = (token: string | null): Promise<Answer> =>
    requestEither(connection, listing.protobuf, {
      what: about.what,
      method: 'GET',
      path: listing.path,
      query: { ...listing.query, limit: PAGE_SIZE, ...(token === null ? {} : { continue: token }) },
      signal: reading,
    });
  const ask = async (token: string | null): Promise<Answer> => {
    try {
      return await askOnce(token);
    } catch (error) {
      const rest = error instanceof LinkFailure && error.kind === 'gone' ? error.continueWith : null;
      if (rest === null) throw error;
      return askOnce(rest);
    }
  };
  let token: string | null = null;
  const ahead: { asked: Promise<Answer> | null } = { asked: null };
  const askEarly = (next: string) => {
    if (ahead.asked !== null || next === token) return;
    ahead.asked = ask(next);
    // Whoever reads on is told; nobody else needs to be.
    ahead.asked.catch(() => undefined);
  };
  try {
    do {
      const answer: Answer = await (ahead.asked ?? ask(token));
      ahead.asked = null;
      const page: Page =
        listing.protobuf !== undefined && isProtobuf(answer)
          ? protobufPage(answer, listing.protobuf, about, askEarly)
          : jsonPage(answer, about);
      const before: string | null = token;
      token = yield* page;
      if (token !== null && token === before) throw noList(about);
    } while (token !== null);
  } finally {
    leaving.abort(new Error('the list is not read on'));
  }
}

/** The parts of one page; returns the token of the next page, or null after the last. */
type Page = AsyncGenerator<Part, string | null>;

const noList = (about: Asked) => protocolFailure(about, 'the answer is no list of the Kubernetes API');

/** What ListMeta says: version, next page, and how many items are left after this one. */
function metaOf(metadata: unknown, about: Asked) {
  const fields = asObject(metadata);
  const resourceVersion = asName(fields?.['resourceVersion']);
  if (resourceVersion === null) throw noList(about);
  const next = asName(fields?.['continue']);
  return { resourceVersion, next, remaining: next === null ? 0 : asNumber(fields?.['remainingItemCount']) };
}

async function* jsonPage(answer: Answer, about: Asked): Page {
  const page = asObject(await readJson(answer, about));
  const { resourceVersion, next, remaining } = metaOf(page?.['metadata'], about);
  const items = page?.['items'];
  // An empty list is `null` to some servers.
  if (!(Array.isArray(items) || items === null)) throw noList(about);
  const all = (items as readonly unknown[] | null) ?? [];
  let start = 0;
  for (; all.length - start > LARGEST_PART; start += LARGEST_PART)
    yield { items: all.slice(start, start + LARGEST_PART), resourceVersion, ends: false, remaining };
  yield { items: all.slice(start), resourceVersion, ends: true, remaining };
  return next;
}

async function* protobufPage(answer: Answer, read: ReadField, about: Asked, askEarly: (next: string) => void): Page {
  const list = listStream(answer.body, read, LONGEST_ITEM);
  let held: unknown[] = [];
  try {
    for await (const items of list.items) {
      const next = asName(list.metadata()?.['continue']);
      if (next !== null) askEarly(next);
      for (const item of items) {
        held.push(item);
        if (held.length < LARGEST_PART) continue;
        const { resourceVersion, remaining } = metaOf(list.metadata(), about);
        yield { items: held, resourceVersion, ends: false, remaining };
        held = [];
      }
    }
  } catch (error) {
    throw asFailure(error, about);
  }
  const { resourceVersion, next, remaining } = metaOf(list.metadata(), about);
  yield { items: held, resourceVersion, ends: true, remaining };
  return next;
}
