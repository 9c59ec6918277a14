/** The model's resources as values of the `ProductSearch` port: copies, so that a caller cannot change the model. */
import type { Operation, Page, Product, ProductSet, ReferenceImage } from '../../shared/ports';
import type {
  OperationResource,
  ProductResource,
  ProductSetResource,
  ReferenceImageResource,
  ResourcePage,
} from './resources';

export function pageOf<R, T>(page: ResourcePage<R>, convert: (resource: R) => T): Page<T> {
  return { items: page.items.map(convert), nextPageToken: page.nextPageToken || undefined };
}

export function setOf({ name, displayName, indexTimeMs, indexError }: ProductSetResource): ProductSet {
  const indexTime = indexTimeMs > 0 ? timestamp(indexTimeMs) : undefined;
  return { id: lastSegment(name), displayName, indexTime, indexError: indexError ?? undefined };
}

export function productOf({ name, productLabels, ...fields }: ProductResource): Product {
  return { id: lastSegment(name), ...fields, productLabels: productLabels.map((label) => ({ ...label })) };
}

export function imageOf({ name, uri, boundingPolys }: ReferenceImageResource): ReferenceImage {
  return { id: lastSegment(name), uri, boundingPolys: structuredClone([...boundingPolys]) };
}

export function operationOf({ submitTimeMs, endTimeMs, response, ...resource }: OperationResource): Operation {
  return {
    name: resource.name,
    done: resource.done,
    state: resource.state,
    submitTime: timestamp(submitTimeMs),
    endTime: endTimeMs === undefined ? undefined : timestamp(endTimeMs),
    error: resource.error && { ...resource.error },
    statuses: response?.kind === 'import' ? response.statuses.map((status) => ({ ...status })) : undefined,
  };
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
