import type { EtcdFigures } from '../../model/etcd/etcd.ts';
import { bytesBeside, bytesWords } from '../../text/amounts.ts';

/** How large the file of a member is, and how much of it is in use. */
export function sizeWords(figures: EtcdFigures | null): string {
  const { dbSize = null, dbSizeInUse = null } = figures ?? {};
  if (dbSize === null) return 'how large its file is could not be read';
  if (dbSizeInUse === null) return bytesWords(dbSize);
  const [size, used] = bytesBeside(dbSize, dbSizeInUse);
  return `${size}, ${used} of it in use`;
}
