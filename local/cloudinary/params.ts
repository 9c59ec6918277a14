/** The parameters of a request, wherever it carries them: in the query, a form, a multipart form or JSON. */
import type { IncomingMessage } from 'node:http';
import { readBody } from '../wire/readBody';
import { badRequest } from './modelErrors';

const MAX_BODY_BYTES = 32 * 1024 * 1024;

export interface Params {
  /** The last value of that name; undefined where there is none. */
  text(name: string): string | undefined;
  /** All values of `name[]`, or undefined where there is none. */
  list(name: string): string[] | undefined;
  /** Whole numbers only; throws 400 for anything else. */
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  /** Bytes of the uploaded file, where there is one. */
  fileBytes: number | undefined;
  /** Every text by name, lists joined by commas: what a signature is made of. */
  signed: ReadonlyMap<string, string>;
}

export async function readParams(req: IncomingMessage, query: URLSearchParams): Promise<Params> {
  const body = await readBody(req, MAX_BODY_BYTES);
  const { pairs, fileBytes } = await bodyPairs(body, req.headers['content-type'] ?? '');
  return paramsOf([...query, ...pairs], fileBytes);
}

async function bodyPairs(
  body: Buffer,
  contentType: string,
): Promise<{ pairs: [string, string][]; fileBytes?: number }> {
  if (body.length === 0) return { pairs: [] };
  if (contentType.startsWith('multipart/form-data')) return multipartPairs(body, contentType);
  if (contentType.startsWith('application/json')) return { pairs: jsonPairs(body.toString('utf8')) };
  return { pairs: [...new URLSearchParams(body.toString('utf8'))] };
}

async function multipartPairs(body: Buffer, contentType: string) {
  const pairs: [string, string][] = [];
  let fileBytes: number | undefined;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw badRequest('Malformed multipart body');
    });
  form.forEach((value, name) => {
    if (typeof value === 'string') pairs.push([name, value]);
    else fileBytes = value.size;
  });
  return { pairs, fileBytes };
}

function jsonPairs(text: string): [string, string][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('Malformed JSON body');
  }
  if (typeof value !== 'object' || value === null) throw badRequest('The JSON body is no object');
  return Object.entries(value).flatMap(([name, part]): [string, string][] =>
    Array.isArray(part) ? part.map((each) => [`${name}[]`, String(each)]) : [[name, String(part)]],
  );
}

function paramsOf(pairs: [string, string][], fileBytes: number | undefined): Params {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  const text = (name: string) => values.get(name)?.at(-1);
  return {
    text,
    list: (name) => values.get(`${name}[]`) ?? values.get(name),
    number(name) {
      const value = text(name);
      if (value === undefined || value === '') return undefined;
      if (!/^\d{1,9}$/.test(value)) throw badRequest(`Invalid value for parameter ${name}: ${value}`);
      return Number(value);
    },
    flag(name) {
      const value = text(name);
      return value === undefined ? undefined : /^(?:true|1)$/.test(value);
    },
    fileBytes,
    signed: new Map([...values].map(([name, all]) => [name.replace(/\[\]$/, ''), all.join(',')])),
  };
}
