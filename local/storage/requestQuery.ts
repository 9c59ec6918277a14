/** Reads the query parameters of the JSON API; throws 400 for values that the service would refuse. */

import type { Exchange } from './answer';
import { invalid } from './modelErrors';
import type { ListQuery } from './modelList';
import type { ObjectRef } from './modelObject';
import type { Preconditions } from './modelPreconditions';

const CONDITIONS = ['GenerationMatch', 'GenerationNotMatch', 'MetagenerationMatch', 'MetagenerationNotMatch'] as const;

/** `ifGenerationMatch` and its like; with the prefix `ifSource` those of a copy's source. */
export function readConditions(query: URLSearchParams, prefix: 'if' | 'ifSource' = 'if'): Preconditions {
  const conditions: Preconditions = {};
  for (const condition of CONDITIONS) {
    const value = readNumber(query, `${prefix}${condition}`);
    if (value !== undefined) conditions[`if${condition}`] = value;
  }
  return conditions;
}

/** The object of the path, at the `generation` of the query. */
export function readRef({ params, query }: Exchange): ObjectRef {
  const generation = readNumber(query, 'generation');
  return {
    bucket: params.bucket ?? '',
    name: params.object ?? '',
    ...(generation === undefined ? {} : { generation }),
  };
}

export function readListQuery(query: URLSearchParams): ListQuery {
  const maxResults = query.get('maxResults');
  return {
    prefix: query.get('prefix') ?? undefined,
    delimiter: query.get('delimiter') ?? undefined,
    startOffset: query.get('startOffset') ?? undefined,
    endOffset: query.get('endOffset') ?? undefined,
    matchGlob: query.get('matchGlob') ?? undefined,
    pageToken: query.get('pageToken') ?? undefined,
    includeTrailingDelimiter: /^true$/i.test(query.get('includeTrailingDelimiter') ?? ''),
    ...(maxResults === null ? {} : { maxResults: Number(maxResults) }),
  };
}

/** A decimal int64, without leading zeros; undefined where it is not given. */
export function readNumber(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^-?\d{1,19}$/.test(value)) throw invalid(`Invalid value for ${name}: '${value}'`);
  return BigInt(value).toString();
}
