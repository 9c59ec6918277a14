/**
 * An import: its lines are done one by one over the time of the operation, each ends with one status. A line that
 * breaks a rule changes nothing. Decided here, where the documentation says nothing:
 * - an image id that its product has already is ALREADY_EXISTS, whatever the image; the product is put into the line's
 *   set all the same, so that the same image in a second set adds the membership;
 * - ALREADY_EXISTS does not count as processed: a file of which all is there already ends as FAILED;
 * - the category, name and labels of a line whose product exists are not even checked ("the system ignores" them).
 */
import { StatusError } from '../statusError';
import { ALREADY_EXISTS, CANCELLED, NOT_FOUND, OK } from './codes';
import { type ImportLine, parseImportLine, parseLabels } from './csvLine';
import { checkCategory, checkDisplayName, checkLabels } from './fieldRules';
import { refuseOneSetTooMany } from './memberships';
import { parseObjectUri, referenceImageName } from './names';
import type { Work } from './operations';
import { refuseProductUnderPurge, refuseSetUnderPurge } from './purge';
import {
  findImage,
  findProduct,
  findProductSet,
  type ImageRecord,
  insertImage,
  insertProduct,
  insertProductSet,
  link,
  type ProductRecord,
  type Records,
} from './records';
import type { OperationResponse, RpcStatus } from './resources';
import type { ServiceContext } from './serviceContext';

/** Shared by the lines of all imports. */
const IMPORTED: RpcStatus = { code: OK, message: '' };
const NOT_REACHED: RpcStatus = { code: CANCELLED, message: 'The operation was cancelled before this line.' };

export function startImport(context: ServiceContext, records: Records, lines: readonly (string | null)[]): Work {
  const statuses: RpcStatus[] = [];
  const images: ImportedImage[] = [];
  let pending = lines;
  const { failingLines } = context;
  context.failingLines = new Map();
  return {
    advance(share, now) {
      const due = Math.floor(pending.length * share);
      for (let i = statuses.length; i < due; i += 1) {
        const line = pending[i] ?? null;
        statuses.push(failingLines.get(i) ?? statusOf(() => images.push(importLine(context, records, line, now))));
      }
    },
    result: () => ({
      succeeded: images.length > 0,
      response: importResponse(
        records,
        images,
        pending.map((_, i) => statuses[i] ?? NOT_REACHED),
      ),
    }),
    release() {
      pending = [];
    },
  };
}

interface ImportedImage {
  productId: string;
  image: ImageRecord;
}

/** Its images are written out when somebody asks: operations are kept for ever, and a name for each would be much. */
function importResponse(
  { at }: Records,
  images: readonly ImportedImage[],
  statuses: readonly RpcStatus[],
): OperationResponse {
  return {
    kind: 'import',
    listReferenceImages: () =>
      images.map(({ productId, image }) => ({
        name: referenceImageName(at, productId, image.id),
        uri: image.uri,
        boundingPolys: image.boundingPolys,
      })),
    statuses,
  };
}

/** The sets that a file names, as far as its lines can be read. */
export function productSetsOf(lines: readonly (string | null)[]): Set<string> {
  const ids = new Set<string>();
  for (const line of lines) statusOf(() => ids.add(parseImportLine(line).productSetId));
  return ids;
}

function statusOf(act: () => unknown): RpcStatus {
  try {
    act();
    return IMPORTED;
  } catch (error) {
    if (error instanceof StatusError) return { code: error.code, message: error.message };
    throw error;
  }
}

function importLine(context: ServiceContext, records: Records, text: string | null, now: number): ImportedImage {
  const line = parseImportLine(text);
  const object = parseObjectUri(line.imageUri);
  if (!object || !context.objects.objectExists(object.bucket, object.name)) {
    throw new StatusError(NOT_FOUND, `Image not found: ${line.imageUri}`);
  }
  refuseSetUnderPurge(records, line.productSetId);
  const product = findOrInsertProduct(records, line);
  const known = findProductSet(records, line.productSetId);
  refuseOneSetTooMany(context.limits, product, known);
  link(records, known ?? insertProductSet(records, line.productSetId, ' ', now), product, now);
  return { productId: product.id, image: insertLineImage(context, records, { line, product, now }) };
}

function findOrInsertProduct(records: Records, line: ImportLine): ProductRecord {
  const product = findProduct(records, line.productId);
  if (product) {
    refuseProductUnderPurge(records, product);
    return product;
  }
  return insertProduct(records, line.productId, {
    productCategory: checkCategory(line.productCategory),
    displayName: checkDisplayName(line.displayName || ' '),
    description: '',
    productLabels: checkLabels(parseLabels(line.labels)),
  });
}

function insertLineImage(
  context: ServiceContext,
  records: Records,
  { line, product, now }: { line: ImportLine; product: ProductRecord; now: number },
): ImageRecord {
  const present = line.imageId === '' ? undefined : findImage(records, product, line.imageId);
  if (present) throw new StatusError(ALREADY_EXISTS, alreadyExists(present, line));
  const id = line.imageId || context.newId();
  return insertImage(records, product, { id, uri: line.imageUri, boundingPolys: line.boundingPolys }, now);
}

function alreadyExists(present: ImageRecord, line: ImportLine): string {
  const isSame =
    present.uri === line.imageUri && JSON.stringify(present.boundingPolys) === JSON.stringify(line.boundingPolys);
  const message = `ReferenceImage with ID '${line.imageId}' already exists.`;
  return isSame ? message : `${message} It has another uri or bounding polygon.`;
}
