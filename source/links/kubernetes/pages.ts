import type { Connection } from './connection.ts';
import { protocolFailure } from './failure.ts';
import { asName, asNumber, asObject } from './fields.ts';

/** A resource as it is listed: where, which of it, and its name for sentences, as in "nodes". */
export type Listing = {
  readonly name: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
};

export type Page = {
  readonly items: readonly unknown[];
  /** Of the whole list: every page shows the same moment. */
  readonly resourceVersion: string;
  /** Items after this page; null when the server does not say. */
  readonly remaining: number | null;
};

/** Large enough that round trips do not count, small enough that parsing one does not hold up a frame. */
const PAGE_SIZE = '500';

/**
 * Lists page by page, from storage and not from the server's cache, so that what comes is true now. Throws a
 * LinkFailure; kind `gone` when the list must start anew because its version expired between two pages.
 */
export async function* pagesOf(
  connection: Pick<Connection, 'json' | 'access'>,
  listing: Listing,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const what = `list ${listing.name}`;
  let token: string | null = null;
  do {
    const answer = asObject(
      await connection.json({
        what,
        method: 'GET',
        path: listing.path,
        query: { ...listing.query, limit: PAGE_SIZE, ...(token === null ? {} : { continue: token }) },
        ...(signal ? { signal } : {}),
      }),
    );
    const metadata = asObject(answer?.['metadata']);
    const items = answer?.['items'];
    const resourceVersion = asName(metadata?.['resourceVersion']);
    const next = asName(metadata?.['continue']);
    // An empty list is `null` to some servers.
    if (resourceVersion === null || !(Array.isArray(items) || items === null) || (next !== null && next === token))
      throw protocolFailure({ what, server: connection.access.server }, 'the answer is no list of the Kubernetes API');
    token = next;
    const remaining = token === null ? 0 : asNumber(metadata?.['remainingItemCount']);
    yield { items: (items as readonly unknown[] | null) ?? [], resourceVersion, remaining };
  } while (token !== null);
}
