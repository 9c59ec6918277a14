/** The files of a survey: every product that goes, or only leaves its set, with the sets that it is in, sorted by id. */
import { createHash } from 'node:crypto';
import type { RequestRecord } from '../core/request';
import type { Product } from '../ports';
import { readAhead } from './readAhead';
import { byKey, type Entry, mergeSorted } from './sortedRuns';
import { readStaged } from './stagedImport';
import { ownFile, type StepContext } from './step';

export interface SurveyedProduct {
  product: Product;
  productSetIds: string[];
  /** It is in other sets, too, and is only taken out of the one that is purged. */
  stays?: true;
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

/** All surveyed products by id, whatever the round in which they were found. */
export async function* surveyedEntries(context: StepContext): AsyncGenerator<Entry & { value: SurveyedProduct }> {
  const { rounds = [], chunks = 0 } = context.record.facts.survey ?? {};
  const streams = rounds.map((from, round) => entriesOf(context, from, rounds[round + 1] ?? chunks));
  yield* mergeSorted(streams, byKey);
}

async function* entriesOf(context: StepContext, from: number, to: number) {
  const chunks = Array.from({ length: to - from }, (_, index) => from + index);
  for await (const products of readAhead(chunks, (chunk) => readSurvey(context, chunk))) {
    for (const value of products) yield { key: value.product.id, value };
  }
}

/** SHA-256 over ids in their order, a line each: what `jq -r '.products[].id' plan.json | sha256sum` gives. */
export async function digestOfKeys(entries: AsyncIterable<Entry>): Promise<string> {
  const hash = createHash('sha256');
  for await (const { key } of entries) hash.update(`${key}\n`);
  return hash.digest('hex');
}

/** JSON: the first and the last id of each survey file, so that one product is found without reading them all. */
export function surveyIndexFile(context: Pick<StepContext, 'config' | 'record'>) {
  return ownFile(context, 'staging', 'survey-index.json');
}

export type SurveyIndex = [first: string, last: string][];

/** The number of survey files of a request; 0 before the survey is done. */
export function surveyChunks(record: RequestRecord): number {
  return record.facts.survey?.chunks ?? 0;
}
