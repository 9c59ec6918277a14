import { createStorageModel } from '../../local/storage/model';
import { startStorageServer } from '../../local/storage/server';
import { createObjectStore } from '../../shared/clients/objectStore';
import { objectStoreContract } from './objectStore';

objectStoreContract("Google's client against the local server", async () => {
  const clock = { now: () => Date.UTC(2026, 10, 22), sleep: async () => {} };
  const model = createStorageModel({ clock });
  model.insertBucket('contract-bucket');
  const { url, close } = await startStorageServer({ model, port: 0, host: '127.0.0.1' });
  const store = createObjectStore({ projectId: 'local-project', apiEndpoint: url });
  return { store, bucket: 'contract-bucket', close };
});
