/** The rules of the eight columns, one function a column. Pure. */
import { idFault, parseGsUri } from '../names';
import { type Problem, shownValue } from '../problem';
import { isLegacyCategory, isProductCategory, PRODUCT_CATEGORIES } from '../productCategory';
import { readBoundingPoly } from './boundingPoly';
import { readLabels } from './labels';

/** One image of a product in a product set: the eight columns in their normalised form. */
export interface ImageLine {
  imageUri: string;
  /** Empty: none was given. */
  imageId: string;
  productSetId: string;
  productId: string;
  productCategory: string;
  displayName: string;
  labels: string;
  boundingPoly: string;
}

export const COLUMNS = [
  'image-uri',
  'image-id',
  'product-set-id',
  'product-id',
  'product-category',
  'product-display-name',
  'labels',
  'bounding-poly',
] as const;

export type Fields = readonly [string, string, string, string, string, string, string, string];

const TEXT_CHARACTERS = 4096;

export function isEightFields(fields: readonly string[]): fields is Fields {
  return fields.length === COLUMNS.length;
}

/** Which columns, from 1, need no look because they are known to be in order and normalised. */
export type InOrder = (column: number) => boolean;

/**
 * Checks every column and says all that is wrong, in the order of columns. Blanks around labels, numbers and display
 * name are left out; in a URI, an id or a category they are errors, because they would name something else.
 */
export function checkFields(
  fields: Fields,
  isInOrder: InOrder = () => false,
): { image: ImageLine; problems: Problem[] } {
  const [uri, imageId, setId, productId, category, name, labelText, polyText] = fields;
  const labels = isInOrder(7) ? { value: labelText } : readLabels(labelText);
  const poly = isInOrder(8) ? { value: polyText } : readBoundingPoly(polyText);
  const faults = [
    isInOrder(1) ? null : imageUriFault(uri),
    imageId === '' || isInOrder(2) ? null : idFault(imageId),
    isInOrder(3) ? null : idFault(setId),
    isInOrder(4) ? null : idFault(productId),
    isInOrder(5) ? null : categoryFault(category, name),
    isInOrder(6) ? null : longFault(name.trim()),
    'fault' in labels ? labels.fault : null,
    'fault' in poly ? poly.fault : null,
  ];
  const image = {
    imageUri: uri,
    imageId,
    productSetId: setId,
    productId,
    productCategory: category,
    displayName: name.trim(),
    labels: 'value' in labels ? labels.value : labelText,
    boundingPoly: 'value' in poly ? poly.value : polyText,
  };
  const problems: Problem[] = [];
  for (const [index, fault] of faults.entries()) if (fault !== null) problems.push(columnProblem(index, fault));
  return { image, problems };
}

function columnProblem(index: number, fault: string): Problem {
  const name = COLUMNS[index] ?? '';
  const code = name === 'product-display-name' ? 'display-name' : name;
  return { code, column: index + 1, message: `${name} ${fault}` };
}

function imageUriFault(uri: string): string | null {
  const right = 'it must be gs://bucket/object, an image in Cloud Storage';
  if (uri === '') return `is empty; ${right}`;
  if (uri.trim() !== uri) return `begins or ends with a blank, ${shownValue(uri)}; leave it out`;
  const served = /^https?:\/\/storage\.(?:googleapis|cloud\.google)\.com\/([^/]+\/.+)$/.exec(uri);
  if (served) return `is a web address, ${shownValue(uri)}; give ${shownValue(`gs://${served[1]}`)}`;
  if (parseGsUri(uri) === null) return `is ${shownValue(uri)}; ${right}`;
  if (uri.endsWith('/')) return `names a folder, ${shownValue(uri)}; ${right}`;
  return longFault(uri);
}

function categoryFault(category: string, displayName: string): string | null {
  if (isProductCategory(category) || isLegacyCategory(category)) return null;
  const right = `it must be one of ${PRODUCT_CATEGORIES.join(', ')}`;
  if (category === '') return `is empty; ${right}`;
  const isSwapped = isProductCategory(displayName.trim()) || isLegacyCategory(displayName.trim());
  const swapped = isSwapped ? '; columns 5 and 6 seem to be swapped' : '';
  return `is ${shownValue(category)}; ${right}${swapped}`;
}

function longFault(text: string): string | null {
  const length = text.length > TEXT_CHARACTERS ? [...text].length : text.length;
  return length > TEXT_CHARACTERS ? `has ${length} characters; at most ${TEXT_CHARACTERS} are allowed` : null;
}
