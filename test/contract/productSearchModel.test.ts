/** The contract of `ProductSearch`, on the model itself. */
import { modelProductSearch } from '../../local/productSearch/port';
import { createWorld } from '../local/productSearch/setup';
import { testProductSearch } from './productSearch';

testProductSearch(async () => {
  const { model, put, pass } = createWorld({ limits: { managementPerMinute: 100_000 } });
  return {
    productSearch: modelProductSearch(model, 'local-project'),
    put,
    finishOperations: async () => pass(10_000),
  };
});
