import { BlockList, isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { ConfigurationError, type Proxy } from './access.ts';

/** What kubectl takes, and the two SOCKS forms that client-node takes besides. */
const SCHEMES: readonly string[] = ['http:', 'https:', 'socks5:', 'socks5h:', 'socks:', 'socks4:', 'socks4a:'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy through which a server is reached; null for none. As with kubectl, `proxy-url` of the kubeconfig wins
 * over everything; without it the environment is obeyed as by Go's net/http: HTTPS_PROXY unless NO_PROXY excepts the
 * server, and never for this machine itself, where alone plain HTTP is taken (credentials.ts). Throws a
 * ConfigurationError for a proxy in use that is no address.
 */
export function proxyOf(server: string, proxyUrl: string | null, environment: Environment): Proxy | null {
  if (proxyUrl !== null) return proxyAt(proxyUrl, 'proxy-url in the kubeconfig');
  const { hostname, port } = new URL(server);
  const [variable, address] = setIn(environment, 'HTTPS_PROXY') ?? [];
  if (variable === undefined || address === undefined) return null;
  const host = hostname.replace(/^\[|\]$/g, '');
  const about = { host, port: port === '' ? '443' : port };
  if (isOwn(host) || isExcepted(about, setIn(environment, 'NO_PROXY')?.[1] ?? '')) return null;
  return proxyAt(/^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`, variable);
}

/** A variable by its name in capitals or, failing that, in small letters, and what it says. */
function setIn(environment: Environment, name: string): [string, string] | null {
  for (const variable of [name, name.toLowerCase()]) {
    const value = environment[variable]?.trim();
    if (value) return [variable, value];
  }
  return null;
}

function proxyAt(url: string, named: string): Proxy {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === '' || !SCHEMES.includes(parsed.protocol))
    throw new ConfigurationError(
      `${named} names no usable proxy; write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT.`,
    );
  return { url, named };
}

/** The address of a proxy for people: without the password that it may hold. */
export function shownProxy({ url }: Proxy): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

const isOwn = (host: string): boolean =>
  host === 'localhost' || (isIP(host) !== 0 && LOOPBACK.check(host, familyOf(host)));

type Server = { readonly host: string; readonly port: string };

/**
 * Whether NO_PROXY excepts a server, by the rules of golang.org/x/net/http/httpproxy: entries parted by commas, each
 * `*`, an address, a network as 10.0.0.0/8, a name (its subdomains as well), or `.name` or `*.name` (its subdomains
 * alone); addresses and names may end in a port, or in a colon for any port, and names may be written in Unicode.
 * Whatever is none of these excepts nothing.
 */
function isExcepted(server: Server, list: string): boolean {
  return list
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .some((entry) => entry !== '' && (entry === '*' || isNetworkOf(entry, server) || isNameOf(entry, server)));
}

function isNetworkOf(entry: string, { host }: Server): boolean {
  const [address = '', bits = ''] = entry.split('/');
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (isIPv6(address) ? 128 : 32)) return false;
  const network = new BlockList();
  network.addSubnet(address, Number(bits), familyOf(address));
  return isIP(host) !== 0 && network.check(host, familyOf(host));
}

function isNameOf(entry: string, { host, port }: Server): boolean {
  const [, written = '', only] = /^(\[.+\]|[^:]+|.*:.*:.*?)(?::(\d*))?$/.exec(entry) ?? [];
  const name = written.replace(/^\[|\]$/g, '');
  if (name === '' || (only && only !== port)) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && sameAddress(name, host);
  if (isIP(host) !== 0) return false;
  const domain = asciiOf(name.replace(/^\*?\./, ''));
  return host.endsWith(`.${domain}`) || (host === domain && !/^\*?\./.test(name));
}

/** A name as a URL has it; one that cannot be written so is itself, and is met by no server. */
const asciiOf = (name: string) => (/[^\0-\x7f]/.test(name) && domainToASCII(name)) || name;

function sameAddress(one: string, other: string): boolean {
  const list = new BlockList();
  list.addAddress(one, familyOf(one));
  return list.check(other, familyOf(other));
}
