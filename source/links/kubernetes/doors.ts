import { isIP } from 'node:net';
import type { Clock } from './clock.ts';

/** The address in use; `first` when it is the one that the kubeconfig names. */
export type Door = { readonly address: string; readonly first: boolean };

/** Which addresses of the API server to try, and which of them answered last. */
export type Doors = {
  /** The door in use, then the others. */
  readonly order: (first: string, others: boolean) => readonly string[];
  readonly answered: (address: string, first: string) => void;
  /** Whether it is time to look if the first door answers again. */
  readonly lookBack: (first: string) => boolean;
  /**
   * Masters as seen last: IP addresses, reached on port 6443, or whole `https://…` addresses. Credentials go there, so
   * whatever else it is, is no door.
   */
  readonly masters: (addresses: readonly string[]) => void;
  /** Every door but the first. */
  readonly others: () => readonly string[];
  readonly current: () => Door | null;
};

/** The proxy on each MetalK8s machine that passes on to whichever master answers. */
export const LOCAL_DOORS: readonly string[] = ['https://127.0.0.1:7443'];

const LOOK_BACK = 60_000;

/**
 * Keeps to the door that answered. `others` of `order` is false where no CA of the cluster says who answers there:
 * credentials would then go to whoever listens on that port.
 */
export function createDoors(clock: Clock, local: readonly string[], onDoor: (door: Door) => void): Doors {
  let masters: readonly string[] = [];
  let current: Door | null = null;
  let lookedBack = clock.now();
  let named: string | null = null;
  return {
    order: (first, others) => {
      // What answered belongs to the address that the kubeconfig named then.
      if (named !== null && named !== first) current = null;
      named = first;
      if (!others) return [first];
      const all = [...new Set([current?.address ?? first, first, ...local, ...masters])];
      return isTunnel(first) ? all.filter(isLoopback) : all;
    },
    answered: (address, first) => {
      if (current?.address === address && current.first === (address === first)) return;
      current = { address, first: address === first };
      lookedBack = clock.now();
      onDoor(current);
    },
    lookBack: () => {
      if (current === null || current.first || clock.now() - lookedBack < LOOK_BACK) return false;
      lookedBack = clock.now();
      return true;
    },
    masters: (addresses) => {
      masters = addresses.flatMap((address) => doorAt(address) ?? []);
    },
    others: () => [...local, ...masters],
    current: () => current,
  };
}

export const isLoopback = (address: string): boolean => {
  const hostname = URL.parse(address)?.hostname ?? '';
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
};

/** Ports on which a machine of the cluster itself reaches the API server at a loopback address. */
const OWN_PORTS = ['6443', '7443'];

/**
 * A loopback address with another port is the end of a tunnel, or a cluster in a box: the addresses that the cluster's
 * nodes carry belong to a network that this machine is not on, and whoever has them here is somebody else.
 */
export const isTunnel = (address: string): boolean =>
  isLoopback(address) && !OWN_PORTS.includes(URL.parse(address)?.port ?? '');

function doorAt(address: string): string | null {
  if (isAddress(address)) return `https://${bracketed(address)}:6443`;
  return address.startsWith('https://') && URL.canParse(address) ? address : null;
}

/** Whether a text is an IP address that means the same on every machine, so one without a zone. */
export const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%');

export const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
