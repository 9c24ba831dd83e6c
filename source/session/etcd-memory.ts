import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAddress } from '../links/kubernetes/doors.ts';
import { asName, asObject, asObjects } from '../links/kubernetes/fields.ts';
import type { EtcdMemory, SeenMember } from '../state/collectors/etcd-memory.ts';

const isForeseen = (error: unknown): boolean =>
  error instanceof SyntaxError || (error as { code?: unknown }).code !== undefined;

function seenMember(fields: ReturnType<typeof asObjects>[number]): readonly SeenMember[] {
  const [name, address, id] = [asName(fields['name']), asName(fields['address']), asName(fields['id'])];
  return name === null || address === null || !isAddress(address) || id === null ? [] : [{ name, address, id }];
}

/**
 * The members of etcd behind one API server, in a file of the folder, which is made (0700) with the first of them. It
 * holds no secret. What cannot be read or written is not remembered: a session does without.
 */
export function openMemory(folder: string, server: string): EtcdMemory {
  const file = join(folder, `etcd-${createHash('sha256').update(server).digest('hex').slice(0, 16)}.json`);
  let kept = '';
  return {
    recall: () => {
      try {
        kept = readFileSync(file, 'utf8');
        return asObjects(asObject(JSON.parse(kept))?.['members']).flatMap(seenMember);
      } catch (error) {
        if (!isForeseen(error)) throw error;
        return [];
      }
    },
    keep: (members) => {
      const text = `${JSON.stringify({ server, members })}\n`;
      if (members.length === 0 || text === kept) return;
      kept = text;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const made = `${file}.${process.pid}`;
        writeFileSync(made, text, { mode: 0o600 });
        renameSync(made, file);
      } catch (error) {
        if (!isForeseen(error)) throw error;
      }
    },
  };
}
