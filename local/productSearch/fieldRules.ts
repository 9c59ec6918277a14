/**
 * The limits of single fields, as product_search_service.proto words them. Each check gives back the value to keep and
 * throws INVALID_ARGUMENT, with a sentence that names the field, where a limit is broken.
 */
import type { BoundingPoly, Label, Vertex } from '../../shared/ports';
import { StatusError } from '../statusError';
import { INVALID_ARGUMENT } from './codes';

const MAX_ID_CHARACTERS = 128;
const MAX_TEXT_CHARACTERS = 4096;
const MAX_LABEL_BYTES = 128;
const MAX_LABELS = 500;
const MAX_BOUNDING_POLYS = 10;

/**
 * The legacy ones "are still supported, but these should not be used for new products": a wish, not a refusal, and
 * legacy products have to stay restorable. So new products may have them here.
 */
const CATEGORIES: readonly string[] = [
  'homegoods-v2',
  'apparel-v2',
  'toys-v2',
  'packagedgoods-v1',
  'general-v1',
  'homegoods',
  'apparel',
  'toys',
];

export function checkId(id: string, field: string): string {
  if (isLonger(id, MAX_ID_CHARACTERS)) refuse(`${field} must be at most ${MAX_ID_CHARACTERS} characters long.`);
  if (id.includes('/')) refuse(`${field} cannot contain the character '/', but is '${id}'.`);
  return id;
}

export function checkDisplayName(displayName: string | null | undefined): string {
  if (!displayName) return refuse('display_name must not be empty.');
  if (isLonger(displayName, MAX_TEXT_CHARACTERS))
    refuse(`display_name must be at most ${MAX_TEXT_CHARACTERS} characters.`);
  return displayName;
}

export function checkDescription(description: string | null | undefined): string {
  if (isLonger(description ?? '', MAX_TEXT_CHARACTERS)) {
    refuse(`description must be at most ${MAX_TEXT_CHARACTERS} characters.`);
  }
  return description ?? '';
}

export function checkCategory(category: string | null | undefined): string {
  if (!category) return refuse('product_category must not be empty.');
  const known = CATEGORIES.find((each) => each === category);
  return known ?? refuse(`Invalid product_category: '${category}'. It must be one of ${CATEGORIES.join(', ')}.`);
}

export function checkLabels(labels: readonly Label[] | null | undefined): readonly Label[] {
  if (!labels || labels.length === 0) return NO_LABELS;
  if (labels.length > MAX_LABELS)
    refuse(`A product may have up to ${MAX_LABELS} product_labels, not ${labels.length}.`);
  return labels.map(({ key, value }) => ({ key: checkLabelPart(key, 'key'), value: checkLabelPart(value, 'value') }));
}

export function checkImageUri(uri: string | null | undefined): string {
  if (!uri) return refuse('uri must not be empty.');
  if (isLonger(uri, MAX_TEXT_CHARACTERS)) refuse(`uri must be at most ${MAX_TEXT_CHARACTERS} characters.`);
  if (!uri.startsWith('gs://')) refuse(`uri must start with gs://, but is '${uri}'.`);
  return uri;
}

/**
 * The documented least size of a rectangle (300 pixels, 1:4) is not checked: it is no listed error of the method, and
 * for normalised polygons it depends on the image.
 */
export function checkBoundingPolys(
  polys: readonly Partial<BoundingPoly>[] | null | undefined,
): readonly BoundingPoly[] {
  if (!polys || polys.length === 0) return NO_POLYS;
  if (polys.length > MAX_BOUNDING_POLYS) {
    refuse(`At most ${MAX_BOUNDING_POLYS} bounding_polys are allowed, not ${polys.length}.`);
  }
  return polys.map((poly) => ({
    vertices: checkVertices(poly.vertices, (n) => Number.isInteger(n) && n >= 0, 'must be non-negative integers'),
    normalizedVertices: checkVertices(poly.normalizedVertices, (n) => n >= 0 && n <= 1, 'must be in [0, 1]').map(
      toFloats,
    ),
  }));
}

/** Shared by all that have none: most products and images of a large location. */
const NO_LABELS: readonly Label[] = [];
const NO_POLYS: readonly BoundingPoly[] = [];

/** By code points; the cheap test first. */
function isLonger(text: string, limit: number): boolean {
  return text.length > limit && [...text].length > limit;
}

function checkLabelPart(text: string | null | undefined, part: string): string {
  if (!text) return refuse(`The ${part} of a product label cannot be empty.`);
  if (Buffer.byteLength(text) > MAX_LABEL_BYTES) {
    refuse(`The ${part} of a product label cannot exceed ${MAX_LABEL_BYTES} bytes: '${text}'.`);
  }
  return text;
}

/** proto3 leaves a coordinate that is 0 out. */
function checkVertices(given: readonly Partial<Vertex>[] = [], holds: (n: number) => boolean, rule: string): Vertex[] {
  return given.map(({ x = 0, y = 0 }) => {
    if (!holds(x) || !holds(y)) refuse(`The coordinates of a bounding polygon ${rule}, not (${x}, ${y}).`);
    return { x, y };
  });
}

/** NormalizedVertex has floats of 32 bits: 0.1 comes back as 0.10000000149011612, over the wire and without one. */
function toFloats({ x, y }: Vertex): Vertex {
  return { x: Math.fround(x), y: Math.fround(y) };
}

function refuse(message: string): never {
  throw new StatusError(INVALID_ARGUMENT, message);
}
