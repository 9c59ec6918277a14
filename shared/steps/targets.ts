/** Which products a purge or bulk delete would take now: where they are listed, and which of those match. Reads only. */
import { matchesFilter } from '../core/productFilter';
import type { Page, PageQuery, Product } from '../ports';
import { listedIds } from './listedIds';
import type { Lists } from './listPages';
import { commandInput, type StepContext } from './step';

/** A product that was listed, or one that was named and does not exist. */
export interface Target {
  id: string;
  product: Product | null;
}

/** The lists of targets as they are read into runs of that name. */
export function targetLists(context: StepContext, name: string): Lists<Target> {
  const { productIds, listUri } = commandInput(context.record);
  if (productIds !== undefined || listUri !== undefined) return namedTargets(context, name);
  return listedTargets(context, name);
}

/** Every product of the set, or of the location; of a purge of orphans those, too, that turn out to be members. */
function listedTargets(context: StepContext, name: string): Lists<Target> {
  const { record, ports } = context;
  const { productSetId, where } = commandInput(record);
  const setId = productSetId ?? where?.productSetId;
  return {
    name,
    count: 1,
    unit: 'products listed',
    async list(_number, query) {
      const page =
        setId === undefined
          ? await ports.productSearch.listProducts(record.location, query)
          : await ports.productSearch.listProductsInProductSet(record.location, setId, query);
      return asTargets(page);
    },
    entry: ({ id, product }) =>
      product !== null && matchesFilter(product, where) ? { key: id, value: product } : null,
  };
}

/** Every product of the location, whatever the request is about. */
export function everyProduct({ record, ports }: StepContext, name: string): Lists<Target> {
  return {
    name,
    count: 1,
    unit: 'products listed',
    list: async (_number, query) => asTargets(await ports.productSearch.listProducts(record.location, query)),
    entry: ({ id }) => ({ key: id, value: null }),
  };
}

function asTargets({ items, nextPageToken }: Page<Product>): Page<Target> {
  return { items: items.map((product) => ({ id: product.id, product })), nextPageToken };
}

function namedTargets(context: StepContext, name: string): Lists<Target> {
  const { record, ports } = context;
  const ids = listedIds(context);
  const { idsInTurn } = context.config.sizes;
  return {
    name,
    count: Math.ceil(ids.count / idsInTurn),
    unit: 'products looked up',
    async list(number: number, _query: PageQuery) {
      const items: Target[] = [];
      for (const id of await ids.slice(number * idsInTurn, (number + 1) * idsInTurn)) {
        items.push({ id, product: await ports.productSearch.getProduct(record.location, id) });
      }
      return { items };
    },
    entry: ({ id, product }) => ({ key: id, value: product }),
  };
}
