/** Reading which products a purge or bulk delete is about, and which sets they are in. Nothing is changed here. */
import { createHash } from 'node:crypto';
import type { Page, PageQuery, Product } from '../ports';
import { readStaged } from './stagedImport';
import { commandInput, ownFile, type StepContext } from './step';

export interface SurveyedProduct {
  product: Product;
  productSetIds: string[];
}

/** Products of one survey file. */
export const SURVEY_CHUNK = 1_000;

/** All items of a paged list. A page that cannot be read stops the request: it never counts as empty. */
export async function* eachOf<T>(list: (query: PageQuery) => Promise<Page<T>>): AsyncGenerator<T> {
  let pageToken: string | undefined;
  do {
    const page: Page<T> = await list({ pageToken });
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && pageToken !== '');
}

/** The products that the request would take now, by id, without their sets. `absent` are named ones that do not exist. */
export async function targetsNow(context: StepContext): Promise<{ products: Map<string, Product>; absent: string[] }> {
  const { record, ports } = context;
  const { productSetId, productIds } = commandInput(record);
  const products = new Map<string, Product>();
  const absent: string[] = [];
  if (record.request === 'purgeOrphanProducts') return { products: await orphansNow(context), absent };
  if (productSetId !== undefined) {
    const list = (query: PageQuery) =>
      ports.productSearch.listProductsInProductSet(record.location, productSetId, query);
    for await (const product of eachOf(list)) products.set(product.id, product);
  }
  for (const productId of productIds ?? []) {
    const product = await ports.productSearch.getProduct(record.location, productId);
    if (product === null) absent.push(productId);
    else products.set(productId, product);
  }
  return { products, absent };
}

/** Products first, memberships after: a product that is added to a set meanwhile is seen as a member, never as an orphan. */
async function orphansNow({ record, ports }: StepContext): Promise<Map<string, Product>> {
  const products = new Map<string, Product>();
  const list = (query: PageQuery) => ports.productSearch.listProducts(record.location, query);
  for await (const product of eachOf(list)) products.set(product.id, product);
  for await (const { productId } of eachMembership({ record, ports })) products.delete(productId);
  return products;
}

/** Every membership of the location: there is no reverse index, so each set is listed. */
export async function* eachMembership({
  record,
  ports,
}: Pick<StepContext, 'record' | 'ports'>): AsyncGenerator<{ productId: string; productSetId: string }> {
  const sets = (query: PageQuery) => ports.productSearch.listProductSets(record.location, query);
  for await (const { id: productSetId } of eachOf(sets)) {
    const members = (query: PageQuery) =>
      ports.productSearch.listProductsInProductSet(record.location, productSetId, query);
    for await (const { id: productId } of eachOf(members)) yield { productId, productSetId };
  }
}

/** SHA-256 over the ids, sorted, a line each. */
export function digestOfIds(ids: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const id of [...ids].sort()) hash.update(`${id}\n`);
  return hash.digest('hex');
}

export function surveyFile(context: Pick<StepContext, 'config' | 'record'>, chunk: number) {
  return ownFile(context, 'staging', `survey-${String(chunk + 1).padStart(5, '0')}.json`);
}

/** The products of one survey file. Throws where it is missing: a survey is never taken for empty. */
export async function readSurvey(context: StepContext, chunk: number): Promise<SurveyedProduct[]> {
  const found = await readStaged<SurveyedProduct[]>(context, surveyFile(context, chunk));
  if (found === null) throw new Error(`survey file ${chunk + 1} of ${context.record.id} is missing`);
  return found;
}

/** The ids of all surveyed products. */
export async function surveyedIds(context: StepContext): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let chunk = 0; chunk < (context.record.facts.survey?.chunks ?? 0); chunk += 1) {
    for (const { product } of await readSurvey(context, chunk)) ids.add(product.id);
  }
  return ids;
}
