/** The product sets of a location, as they were when the request began to look at them. */
import type { Page, ProductSet } from '../ports';
import { readStaged } from './stagedImport';
import { ownFile, type StepContext } from './step';

function setsFile(context: Pick<StepContext, 'config' | 'record'>) {
  return ownFile(context, 'staging', 'product-sets.json');
}

/** Lists the sets and keeps them. In memory: a location has hundreds of sets, not millions. */
export async function keepProductSets(context: StepContext): Promise<ProductSet[]> {
  const { record, ports } = context;
  const productSets: ProductSet[] = [];
  let pageToken: string | undefined;
  do {
    const page: Page<ProductSet> = await ports.productSearch.listProductSets(record.location, { pageToken });
    productSets.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && pageToken !== '');
  await ports.objects.write(setsFile(context), JSON.stringify(productSets), { contentType: 'application/json' });
  return productSets;
}

/** The sets that were kept. Throws where they were not: never taken for none. */
export async function keptProductSets(context: StepContext): Promise<ProductSet[]> {
  const productSets = await readStaged<ProductSet[]>(context, setsFile(context));
  if (productSets === null) throw new Error(`the product sets of ${context.record.id} were never listed`);
  return productSets;
}
