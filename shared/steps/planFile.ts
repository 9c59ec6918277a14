/** The form of a plan: what a dry run of a purge or bulk delete found, a product a line, and what it stands for. */
import { createHash } from 'node:crypto';
import { formatGsUri } from '../core/names';
import type { ObjectName } from '../ports';
import { type GatheredProduct, gatheredProducts } from './gatheredFiles';
import { textLines } from './readText';
import { commandInput, type StepContext, timeText } from './step';
import { writeInPieces } from './writeInPieces';

function planFile({ config }: Pick<StepContext, 'config'>, planId: string): ObjectName {
  return { bucket: config.stateBucket, name: `plans/${planId}.json` };
}

const PRODUCTS_BEGIN = '"products": [';
const PRODUCTS_END = ']';

/**
 * Writes the plan and gives its URI. `products` holds one product a line, sorted by id; `sha256` is over these lines
 * without their commas, each with an LF.
 */
export async function writePlanFile(context: StepContext): Promise<string> {
  const { record } = context;
  const object = planFile(context, record.id);
  await writeInPieces(context, object, 'application/json', planBody(context));
  return formatGsUri(object);
}

async function* planBody(context: StepContext): AsyncGenerator<Buffer> {
  const { record } = context;
  const head = {
    planId: record.id,
    request: record.request,
    location: record.location,
    createdAt: timeText(context),
    command: commandInput(record),
    counts: record.counts,
    stay: record.facts.survey?.stay ?? 0,
    estimate: record.facts.estimate,
    problems: record.problems,
    productIdsDigest: record.facts.survey?.digest,
  };
  const fields = Object.entries(head).filter(([, value]) => value !== undefined);
  yield Buffer.from(
    `{\n${fields.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)},\n`).join('')}`,
  );
  yield Buffer.from(PRODUCTS_BEGIN);
  const hash = createHash('sha256');
  let comma = '';
  for await (const product of gatheredProducts(context)) {
    const line = JSON.stringify(product);
    hash.update(`${line}\n`);
    yield Buffer.from(`${comma}\n${line}`);
    comma = ',';
  }
  yield Buffer.from(`\n${PRODUCTS_END},\n"sha256": "${hash.digest('hex')}"\n}\n`);
}

/** The products of a plan by id. Throws where the plan is missing or ends before its list does. */
export async function* plannedProducts(context: StepContext, planId: string): AsyncGenerator<GatheredProduct> {
  let isProducts = false;
  for await (const line of textLines(context, planFile(context, planId))) {
    if (!isProducts) isProducts = line === PRODUCTS_BEGIN;
    else if (line === `${PRODUCTS_END},`) return;
    else yield JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line) as GatheredProduct;
  }
  throw new Error(`the plan ${planId} is incomplete`);
}
