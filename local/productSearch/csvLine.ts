/**
 * The lines of an import's CSV, read as ImportProductSetsGcsSource.csv_file_uri describes them. Where that says nothing:
 * lines end with LF or CRLF, quotes work as in RFC 4180 within one line, nothing is trimmed, a byte order mark is part
 * of the first field, and a blank line is a line with one column.
 */
import { isUtf8 } from 'node:buffer';
import type { BoundingPoly, Label } from '../../shared/ports';
import { StatusError } from '../statusError';
import { INVALID_ARGUMENT } from './codes';
import { checkBoundingPolys, checkId, checkImageUri } from './fieldRules';
import { parseObjectUri } from './names';

export interface ImportLine {
  imageUri: string;
  /** '' = the service assigns one. */
  imageId: string;
  productSetId: string;
  productId: string;
  /** The next three count for a product that is new, and are not looked at for one that is there. */
  productCategory: string;
  displayName: string;
  labels: string;
  boundingPolys: readonly BoundingPoly[];
}

const COLUMNS = 8;
/** https://cloud.google.com/vision/product-search/docs/csv-format */
const MAX_LINE_CHARACTERS = 2048;

/** The lines without their ends; null for one that is no UTF-8. What follows the last line end is a line if not empty. */
export function splitLines(content: Buffer): (string | null)[] {
  const lines: (string | null)[] = [];
  for (let start = 0; start < content.length; ) {
    const found = content.indexOf(0x0a, start);
    const end = found < 0 ? content.length : found;
    const line = content.subarray(start, end > start && content[end - 1] === 0x0d ? end - 1 : end);
    lines.push(isUtf8(line) ? line.toString('utf8') : null);
    start = end + 1;
  }
  return lines;
}

/** Throws INVALID_ARGUMENT with the sentence for the line's status. */
export function parseImportLine(line: string | null): ImportLine {
  if (line === null) return refuse('The csv line is not valid UTF-8.');
  if (line.length > MAX_LINE_CHARACTERS && [...line].length > MAX_LINE_CHARACTERS) {
    refuse(`The csv line is longer than ${MAX_LINE_CHARACTERS} characters.`);
  }
  const fields = splitFields(line);
  if (fields.length !== COLUMNS) refuse(`The number of columns in the csv line should be ${COLUMNS}`);
  const [
    imageUri = '',
    imageId = '',
    setId = '',
    productId = '',
    category = '',
    displayName = '',
    labels = '',
    poly = '',
  ] = fields;
  if (!parseObjectUri(checkImageUri(imageUri))) refuse(`image-uri must be gs://bucket/object, but is '${imageUri}'.`);
  return {
    imageUri,
    imageId: checkId(imageId, 'image-id'),
    productSetId: checkId(required(setId, 'product-set-id'), 'product-set-id'),
    productId: checkId(required(productId, 'product-id'), 'product-id'),
    productCategory: required(category, 'product-category'),
    displayName,
    labels,
    boundingPolys: parseBoundingPoly(poly),
  };
}

/** `k=v,k=v`. How `=` and `,` inside a value would be escaped is documented nowhere: a second `=` is refused. */
export function parseLabels(labels: string): Label[] {
  if (labels === '') return [];
  return labels.split(',').map((pair) => {
    const [key, value, ...rest] = pair.split('=');
    if (!key || !value || rest.length > 0) return refuse(`labels must be key=value pairs, but one is '${pair}'.`);
    return { key, value };
  });
}

function required(value: string, column: string): string {
  return value === '' ? refuse(`${column} must not be empty.`) : value;
}

/** Only whole numbers: pixels. Any with a decimal point or exponent: all in [0, 1], a normalised polygon. */
function parseBoundingPoly(poly: string): readonly BoundingPoly[] {
  if (poly === '') return checkBoundingPolys([]);
  const parts = poly.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => !/^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(part));
  if (wrong !== undefined) refuse(`bounding-poly must be numbers, but one is '${wrong}'.`);
  if (parts.length % 2 !== 0) refuse(`bounding-poly must be an even count of numbers, not ${parts.length}.`);
  const vertices = [];
  for (let i = 0; i < parts.length; i += 2) vertices.push({ x: Number(parts[i]), y: Number(parts[i + 1]) });
  const isPixels = parts.every((part) => /^-?\d+$/.test(part));
  return checkBoundingPolys([isPixels ? { vertices } : { normalizedVertices: vertices }]);
}

function splitFields(line: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const field = line[at] === '"' ? readQuoted(line, at) : readPlain(line, at);
    fields.push(field.text);
    if (field.end >= line.length) return fields;
    if (line[field.end] !== ',') refuse('The csv line has a character behind a closing quote.');
    at = field.end + 1;
  }
}

interface Field {
  text: string;
  /** The place of the comma behind it, or the line's length. */
  end: number;
}

function readPlain(line: string, start: number): Field {
  const comma = line.indexOf(',', start);
  const end = comma < 0 ? line.length : comma;
  const text = line.slice(start, end);
  return text.includes('"') ? refuse('The csv line has a quote inside a field that is not quoted.') : { text, end };
}

function readQuoted(line: string, start: number): Field {
  let text = '';
  for (let at = start + 1; ; ) {
    const quote = line.indexOf('"', at);
    if (quote < 0) return refuse('The csv line has a quote that is not closed.');
    text += line.slice(at, quote);
    if (line[quote + 1] !== '"') return { text, end: quote + 1 };
    text += '"';
    at = quote + 2;
  }
}

function refuse(message: string): never {
  throw new StatusError(INVALID_ARGUMENT, message);
}
