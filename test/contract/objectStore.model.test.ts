import { createStorageModel } from '../../local/storage/model';
import { modelObjectStore } from '../../local/storage/objectStore';
import { objectStoreContract } from './objectStore';

objectStoreContract('the model', async () => {
  const clock = { now: () => Date.UTC(2026, 10, 22), sleep: async () => {} };
  const model = createStorageModel({ clock });
  model.insertBucket('contract-bucket');
  return { store: modelObjectStore(model), bucket: 'contract-bucket', close: async () => {} };
});
