import { join } from 'node:path';
import { openReplica } from '../../db/replica/open.ts';
import { createMemoryReplica, type MemoryReplica } from '../parts/memory-replica.ts';
import { closing, KEY, tempFolder } from '../unit/db/files.ts';
import { replicaDbContract, type ReplicaFile } from './replica-db.ts';

function onSqlite(path = join(tempFolder(), 'replica.db')): ReplicaFile {
  const replica = closing(openReplica({ path, keyHex: KEY }));
  const reopen = (): ReplicaFile => {
    replica.close();
    return onSqlite(path);
  };
  return { replica, reopen };
}

function inMemory(replica: MemoryReplica = createMemoryReplica()): ReplicaFile {
  const reopen = (): ReplicaFile => {
    replica.file.losePower(0);
    return inMemory(replica.copy());
  };
  return { replica, reopen };
}

replicaDbContract('on SQLite', onSqlite);
replicaDbContract('in memory', inMemory);
