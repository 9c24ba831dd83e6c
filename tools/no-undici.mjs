// Stands in for undici in the bundle: client-node imports it for its own HTTP client, of which the console, which sends
// its requests by node:https, uses nothing.
const unused = () => {
  throw new Error('undici is not part of this program');
};
export const fetch = unused;
export const Agent = unused;
export const ProxyAgent = unused;
