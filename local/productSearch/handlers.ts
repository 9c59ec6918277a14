/** The methods of the wire on the model: turns its messages into the model's requests and back. No rule is here. */
import type { BoundingPoly } from '../../shared/ports';
import type { UnaryHandler } from '../wire/call';
import type { ProductSearchModel } from './model';
import { createOperationMessages, type PackAny } from './operationMessage';
import type { ProductFields, ProductSetResource, PurgeTarget, ReferenceImageResource } from './resources';
import { timestampMessage } from './timestampMessage';

type Handlers = Record<string, UnaryHandler>;

interface NameMessage {
  name: string;
}

interface ListMessage {
  parent: string;
  pageSize: number;
  pageToken: string;
}

interface UpdateMaskMessage {
  paths: string[];
}

interface PurgeMessage {
  parent: string;
  force: boolean;
  productSetPurgeConfig?: { productSetId: string } | null;
  deleteOrphanProducts?: boolean;
}

/** Service → method → handler, for `startProtoService`. */
export function createHandlers(model: ProductSearchModel, pack: PackAny): Record<string, Handlers> {
  const operationMessage = createOperationMessages(pack);
  return {
    'google.cloud.vision.v1.ProductSearch': {
      ...productSetHandlers(model),
      ...productHandlers(model),
      ...referenceImageHandlers(model),
      ImportProductSets: (request: ImportMessage) => {
        const csvFileUri = request.inputConfig?.gcsSource?.csvFileUri;
        return operationMessage(model.importProductSets({ parent: request.parent, csvFileUri }));
      },
      PurgeProducts: (request: PurgeMessage) =>
        operationMessage(model.purgeProducts({ ...request, target: purgeTarget(request) })),
    },
    'google.longrunning.Operations': {
      GetOperation: (request: NameMessage) => operationMessage(model.getOperation(request)),
    },
  };
}

interface ImportMessage {
  parent: string;
  inputConfig: { gcsSource?: { csvFileUri: string } | null } | null;
}

function productSetHandlers(model: ProductSearchModel): Handlers {
  return {
    CreateProductSet: (request: Parameters<ProductSearchModel['createProductSet']>[0]) =>
      productSetMessage(model.createProductSet(request)),
    GetProductSet: (request: NameMessage) => productSetMessage(model.getProductSet(request)),
    ListProductSets: (request: ListMessage) => {
      const { items, nextPageToken } = model.listProductSets(request);
      return { productSets: items.map(productSetMessage), nextPageToken };
    },
    UpdateProductSet: (request: {
      productSet: { name: string; displayName: string } | null;
      updateMask: UpdateMaskMessage | null;
    }) => productSetMessage(model.updateProductSet({ ...request, updateMask: request.updateMask?.paths })),
    DeleteProductSet: (request: NameMessage) => emptyAfter(() => model.deleteProductSet(request)),
    AddProductToProductSet: (request: NameMessage & { product: string }) =>
      emptyAfter(() => model.addProductToProductSet(request)),
    RemoveProductFromProductSet: (request: NameMessage & { product: string }) =>
      emptyAfter(() => model.removeProductFromProductSet(request)),
    ListProductsInProductSet: (request: NameMessage & ListMessage) => {
      const { items, nextPageToken } = model.listProductsInProductSet(request);
      return { products: items, nextPageToken };
    },
  };
}

function productHandlers(model: ProductSearchModel): Handlers {
  return {
    CreateProduct: (request: Parameters<ProductSearchModel['createProduct']>[0]) => model.createProduct(request),
    GetProduct: (request: NameMessage) => model.getProduct(request),
    ListProducts: (request: ListMessage) => {
      const { items, nextPageToken } = model.listProducts(request);
      return { products: items, nextPageToken };
    },
    UpdateProduct: (request: {
      product: (ProductFields & { name: string }) | null;
      updateMask: UpdateMaskMessage | null;
    }) => model.updateProduct({ ...request, updateMask: request.updateMask?.paths }),
    DeleteProduct: (request: NameMessage) => emptyAfter(() => model.deleteProduct(request)),
  };
}

function referenceImageHandlers(model: ProductSearchModel): Handlers {
  return {
    CreateReferenceImage: (request: {
      parent: string;
      referenceImage: { uri: string; boundingPolys: BoundingPoly[] } | null;
      referenceImageId: string;
    }) => referenceImageMessage(model.createReferenceImage(request)),
    GetReferenceImage: (request: NameMessage) => referenceImageMessage(model.getReferenceImage(request)),
    ListReferenceImages: (request: ListMessage) => {
      const { items, pageSize, nextPageToken } = model.listReferenceImages(request);
      return { referenceImages: items.map(referenceImageMessage), pageSize, nextPageToken };
    },
    DeleteReferenceImage: (request: NameMessage) => emptyAfter(() => model.deleteReferenceImage(request)),
  };
}

function purgeTarget({ productSetPurgeConfig, deleteOrphanProducts }: PurgeMessage): PurgeTarget | null {
  if (productSetPurgeConfig) return { productSetId: productSetPurgeConfig.productSetId };
  return deleteOrphanProducts ? { orphans: true } : null;
}

/** A set that was never indexed has the epoch as its index time, and no error is a Status of OK: the proto's text. */
function productSetMessage({ name, displayName, indexTimeMs, indexError }: ProductSetResource): object {
  return { name, displayName, indexTime: timestampMessage(indexTimeMs), indexError: indexError ?? { code: 0 } };
}

function referenceImageMessage({ name, uri, boundingPolys }: ReferenceImageResource): object {
  return { name, uri, boundingPolys };
}

/** google.protobuf.Empty. */
function emptyAfter(act: () => void): object {
  act();
  return {};
}
