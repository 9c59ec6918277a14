/** The local Product Search's view of the local Cloud Storage. */
import type { ObjectReader } from './productSearch/serviceContext';
import type { StorageModel } from './storage/model';

/** Reads the live generation. Whatever cannot be read is not there, as for a caller without access. */
export function objectReader(storage: StorageModel): ObjectReader {
  function find(bucket: string, name: string) {
    try {
      return storage.getObject({ bucket, name });
    } catch {
      return null;
    }
  }
  return {
    readObject: (bucket, name) => {
      const found = find(bucket, name);
      return found === null ? null : Buffer.concat(found.content.chunks);
    },
    objectExists: (bucket, name) => find(bucket, name) !== null,
  };
}
