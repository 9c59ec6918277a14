import type { IndexWatch } from '../../shared/core/indexWatch';
import { createWatches } from '../../shared/ledger/watches';
import { ACCEPTED_AT } from '../core/requests';
import { createState } from './state';

function watch(requestId: string): IndexWatch {
  return {
    requestId,
    request: 'importProductSets',
    acceptedAt: ACCEPTED_AT,
    changedAt: ACCEPTED_AT,
    pending: ['shoes'],
    indexed: [],
    problems: [],
  };
}

describe('the index watches of a location', () => {
  it('are added once for each request, also by two that add at once', async () => {
    const { ports, config } = createState();
    const watches = createWatches(ports, config);

    await Promise.all(['imp-1', 'imp-2', 'imp-1'].map((id) => watches.add('us-west1', watch(id))));

    const ids = (await watches.read('us-west1')).watches.map(({ requestId }) => requestId);
    expect(ids.sort()).toEqual(['imp-1', 'imp-2']);
    expect((await watches.read('asia-east1')).watches).toEqual([]);
  });

  it('are changed all at once', async () => {
    const { ports, config } = createState();
    const watches = createWatches(ports, config);
    await watches.add('us-west1', watch('imp-1'));
    await watches.add('us-west1', watch('imp-2'));

    await watches.update('us-west1', (all) => ({ ...all, watches: all.watches.slice(1) }));

    expect((await watches.read('us-west1')).watches).toEqual([watch('imp-2')]);
  });
});
