/**
 * Lists the products that would go with all sets that they are in, and applies the belts. A dry run is told of every
 * refusal and goes on. Safe to repeat: it reads, and writes its own staging files over.
 */
import { capProblem, protectedMembersProblem, sharedProductsProblem } from '../core/belts';
import type { Problem } from '../core/problem';
import type { Product } from '../ports';
import { commandInput, DONE, end, type Step, type StepContext } from './step';
import { digestOfIds, eachMembership, SURVEY_CHUNK, type SurveyedProduct, surveyFile, targetsNow } from './survey';

export const surveyProducts: Step = async (context) => {
  const { record, ports } = context;
  const { productSetId } = commandInput(record);
  if (productSetId !== undefined && (await ports.productSearch.getProductSet(record.location, productSetId)) === null) {
    record.counts = { products: 0, referenceImages: 0, alreadyAbsent: 1, failed: 0 };
    return end(record.dryRun ? 'dryRun' : 'succeeded', {
      code: 'already-absent',
      message: `Product set ${productSetId} does not exist in ${record.location}`,
      severity: 'warning',
    });
  }
  const { products, absent } = await targetsNow(context);
  const surveyed = await withProductSets(context, products);
  record.counts = { products: 0, referenceImages: 0, alreadyAbsent: absent.length, failed: 0 };
  const refusals = refusalsOf(context, surveyed);
  if (refusals.length > 0 && !record.dryRun) return end('rejected', ...refusals);
  const chunks = await writeSurvey(context, surveyed);
  record.problems.push(...refusals);
  record.facts.survey = { products: products.size, chunks, digest: digestOfIds(products.keys()), absent };
  if (record.dryRun) record.counts.products = products.size;
  return DONE;
};

/** In the order of ids. Memberships are read only where something depends on them. */
async function withProductSets(context: StepContext, products: Map<string, Product>): Promise<SurveyedProduct[]> {
  const sets = new Map<string, string[]>([...products.keys()].sort().map((id) => [id, []]));
  if (products.size > 0 && needsMemberships(context)) {
    for await (const { productId, productSetId } of eachMembership(context)) sets.get(productId)?.push(productSetId);
  }
  const surveyed: SurveyedProduct[] = [];
  for (const [id, productSetIds] of sets) {
    const product = products.get(id);
    if (product !== undefined) surveyed.push({ product, productSetIds: productSetIds.sort() });
  }
  return surveyed;
}

function needsMemberships({ record, config }: StepContext): boolean {
  if (record.request === 'purgeOrphanProducts') return false;
  if (record.request === 'purgeProductsInProductSet') return true;
  return config.protectedProductSets.length > 0 || commandInput(record).snapshot === true;
}

function refusalsOf({ record, config }: StepContext, surveyed: SurveyedProduct[]): Problem[] {
  const { maxProducts, productSetId } = commandInput(record);
  const members = surveyed.map(({ product, productSetIds }) => ({ productId: product.id, productSetIds }));
  return [
    capProblem(surveyed.length, maxProducts ?? config.purgeMaxProducts, config.maxProductsCeiling),
    protectedMembersProblem(members, config.protectedProductSets),
    productSetId === undefined ? null : sharedProductsProblem(members, productSetId),
  ].filter((problem) => problem !== null);
}

async function writeSurvey(context: StepContext, surveyed: SurveyedProduct[]): Promise<number> {
  const chunks = Math.ceil(surveyed.length / SURVEY_CHUNK);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const part = surveyed.slice(chunk * SURVEY_CHUNK, (chunk + 1) * SURVEY_CHUNK);
    await context.ports.objects.write(surveyFile(context, chunk), JSON.stringify(part), {
      contentType: 'application/json',
    });
  }
  return chunks;
}
