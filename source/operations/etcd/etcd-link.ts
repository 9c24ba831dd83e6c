import type { EtcdReader } from '../../links/etcd/reader.ts';
import type { EtcdWriter } from '../../links/etcd/writer.ts';

/** The reading and the writing of etcd, as operations need them. Both reject as the links say. */
export type EtcdReading = Pick<EtcdReader, 'membership' | 'health' | 'figures' | 'revision'>;
export type EtcdWriting = EtcdWriter;
