/**
 * The `ObjectStore` port on Google's own client. Every call is over within 24 s; an openRead's stream goes on for as
 * long as it is read. Content is given as it is stored, never decompressed on the way.
 */
import { type File, IdempotencyStrategy, Storage } from '@google-cloud/storage';
import type { ObjectName, ObjectStore } from '../ports';
import { runCall, TRY_LIMIT_MS } from './objectStoreCalls';
import { openRead, read, stat, toStored } from './objectStoreReads';
import { copy, remove, write } from './objectStoreWrites';

export interface ObjectStoreOptions {
  projectId: string;
  /** Another server than Google's, such as `http://127.0.0.1:8086`; over plain http without credentials. */
  apiEndpoint?: string;
}

/** The client itself is made at the first call. */
export function createObjectStore(options: ObjectStoreOptions): ObjectStore {
  let client: Storage | null = null;
  function fileOf({ bucket, name }: ObjectName, generation?: string): File {
    client ??= connect(options);
    return client.bucket(bucket).file(name, generation === undefined ? {} : { generation });
  }
  return {
    stat: (object, generation) => stat(fileOf(object, generation)),
    read: (object, generation) => read(object, generation, fileOf),
    openRead: (object, generation) => openRead(fileOf(object, generation)),
    write: (object, body, writeOptions) => write(() => fileOf(object), body, writeOptions),
    copy: (from, to, copyOptions = {}) => copy(fileOf(from, from.generation), to, copyOptions),
    delete: (object, { ifGenerationMatch } = {}) => remove(fileOf(object), ifGenerationMatch),
    async list({ bucket, prefix, pageToken, maxResults }) {
      const query = { prefix, pageToken, maxResults, autoPaginate: false };
      const holder = fileOf({ bucket, name: '-' }).bucket;
      const call = { name: 'Storage.ObjectsList', isRepeatable: true };
      const [files, next] = await runCall(call, () => holder.getFiles(query));
      const nextPageToken = (next as { pageToken?: string } | null)?.pageToken;
      const objects = files.map((file) => toStored(file.metadata));
      return { objects, ...(nextPageToken === undefined ? {} : { nextPageToken }) };
    },
  };
}

function connect({ projectId, apiEndpoint }: ObjectStoreOptions): Storage {
  return new Storage({
    projectId,
    ...(apiEndpoint === undefined ? {} : { apiEndpoint, useAuthWithCustomEndpoint: /^https:/.test(apiEndpoint) }),
    timeout: TRY_LIMIT_MS,
    retryOptions: { autoRetry: false, maxRetries: 0, idempotencyStrategy: IdempotencyStrategy.RetryNever },
  });
}
