/** Processor time that a piece of work takes in this process, ms: the same however much else the machine has to do. */
export function spent(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}
