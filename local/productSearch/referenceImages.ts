/** The methods on reference images. */
import type { BoundingPoly } from '../../shared/ports';
import { StatusError } from '../statusError';
import { ALREADY_EXISTS, INVALID_ARGUMENT, NOT_FOUND } from './codes';
import { checkBoundingPolys, checkId, checkImageUri } from './fieldRules';
import {
  type Place,
  parseObjectUri,
  parseProductName,
  parseReferenceImageName,
  productName,
  referenceImageName,
} from './names';
import { readPage, readPageSize } from './page';
import { requireProduct } from './products';
import { refuseProductUnderPurge } from './purge';
import { dropImage, findImage, findProduct, type ImageRecord, insertImage, type Records } from './records';
import type { PageRequest, ReferenceImageResource, ResourcePage } from './resources';
import type { ServiceContext } from './serviceContext';

export interface ReferenceImageMethods {
  /** Without an id, or with an empty one, the service assigns one. */
  createReferenceImage(request: CreateReferenceImageRequest): ReferenceImageResource;
  getReferenceImage(request: { name?: string | null }): ReferenceImageResource;
  listReferenceImages(
    request: PageRequest & { parent?: string | null },
  ): ResourcePage<ReferenceImageResource> & { pageSize: number };
  deleteReferenceImage(request: { name?: string | null }): void;
}

export interface CreateReferenceImageRequest {
  parent?: string | null;
  referenceImage?: { uri?: string | null; boundingPolys?: readonly Partial<BoundingPoly>[] | null } | null;
  referenceImageId?: string | null;
}

export function createReferenceImageMethods(context: ServiceContext): ReferenceImageMethods {
  return {
    createReferenceImage: (request) => createReferenceImage(context, request),
    getReferenceImage(request) {
      const name = parseReferenceImageName(request.name);
      const { records } = context.open(name);
      return resource(records.at, name.product, requireImage(records, name));
    },
    listReferenceImages(request) {
      const name = parseProductName(request.parent);
      const { records } = context.open(name);
      const { images } = requireProduct(records, name.product);
      const scope = { name: `${request.parent}/referenceImages`, seed: records.seed };
      const page = readPage(images, scope, request, (image) => resource(records.at, name.product, image));
      return { ...page, pageSize: readPageSize(request.pageSize) };
    },
    deleteReferenceImage(request) {
      const name = parseReferenceImageName(request.name);
      const { records, now } = context.open(name);
      const image = requireImage(records, name);
      const product = requireProduct(records, name.product);
      refuseProductUnderPurge(records, product);
      dropImage(records, product, image, now);
    },
  };
}

/**
 * A missing product is INVALID_ARGUMENT here, as the proto says. So is an image file that is not in Cloud Storage: the
 * proto has no error for it, and nothing can be detected in it.
 */
function createReferenceImage(context: ServiceContext, request: CreateReferenceImageRequest): ReferenceImageResource {
  const name = parseProductName(request.parent);
  const { records, now } = context.open(name, 'createReferenceImage');
  const uri = checkImageUri(request.referenceImage?.uri);
  const boundingPolys = checkBoundingPolys(request.referenceImage?.boundingPolys);
  const id = checkId(request.referenceImageId || context.newId(), 'reference_image_id');
  const product = findProduct(records, name.product);
  if (!product) {
    const message = `The parent product does not exist. Not found: ${productName(name, name.product)}`;
    throw new StatusError(INVALID_ARGUMENT, message);
  }
  refuseProductUnderPurge(records, product);
  if (findImage(records, product, id)) {
    throw new StatusError(ALREADY_EXISTS, `ReferenceImage with ID '${id}' already exists.`);
  }
  const object = parseObjectUri(uri);
  if (!object || !context.objects.objectExists(object.bucket, object.name)) {
    throw new StatusError(INVALID_ARGUMENT, `Image not found: ${uri}`);
  }
  return resource(records.at, product.id, insertImage(records, product, { id, uri, boundingPolys }, now));
}

function requireImage(records: Records, name: { product: string; image: string }): ImageRecord {
  const product = findProduct(records, name.product);
  const image = product && findImage(records, product, name.image);
  return image ?? refuseAbsent(records.at, name.product, name.image);
}

function resource(at: Place, product: string, image: ImageRecord): ReferenceImageResource {
  const { uri, boundingPolys } = image;
  return { name: referenceImageName(at, product, image.id), uri, boundingPolys };
}

function refuseAbsent(at: Place, product: string, image: string): never {
  throw new StatusError(NOT_FOUND, `Not found: ${referenceImageName(at, product, image)}`);
}
