import type { ClusterNode } from '../kubernetes/node.ts';
import type { EtcdMember } from './etcd.ts';

/** A host as URLs write it, so that two spellings of one IPv6 address are the same; null for what is none. */
function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : null;
}

/** Most addresses are of IPv4 or names, which have one spelling. */
const plainAddress = (address: string): string =>
  address.includes(':') ? (hostOf(`http://[${address}]`) ?? address) : address;

/** Whether a node has the address of one of the member's URLs. */
export function ownsAddressOf(member: EtcdMember): (node: Pick<ClusterNode, 'addresses'>) => boolean {
  const hosts = new Set([...member.peerUrls, ...member.clientUrls].map(hostOf).filter((host) => host !== null));
  return ({ addresses }) => addresses.some(({ address }) => hosts.has(plainAddress(address)));
}
