import type { Histogram } from '../../model/histogram.ts';
import { histogramOf, samplesIn, type Sample } from '../etcd/metrics.ts';

/** For how long the client certificates of requests still held, seconds (Kubernetes: apiserver, authentication by x509). */
const BUCKETS = new Set(['apiserver_client_certificate_expiration_seconds_bucket']);

/** A line that is longer is none that is wanted, characters. */
const LONGEST_LINE = 65_536;

/**
 * The histogram of what client certificates had left, out of a page of metrics; null where there is none. Families come
 * in the order of their names: once this one has come, the larger part of the page is not waited for.
 */
export async function clientHistogramIn(body: AsyncIterable<Buffer>): Promise<Histogram | null> {
  const decoder = new TextDecoder();
  const found: Sample[] = [];
  let rest = '';
  for await (const chunk of body) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(Math.max(end, text.length - LONGEST_LINE));
    const before = found.length;
    found.push(...samplesIn(text.slice(0, end), BUCKETS));
    if (before > 0 && found.length === before) break;
  }
  return histogramOf(found);
}
