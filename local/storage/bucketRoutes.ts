/** The routes of buckets: https://cloud.google.com/storage/docs/json_api/v1/buckets. */
import { readBody } from '../wire/readBody';
import { type Exchange, json, type Route } from './answer';
import type { StorageModel } from './model';
import { required } from './modelErrors';
import { readConditions } from './requestQuery';
import { BucketBody, bucketResource, parseBody } from './resource';

const MAX_BODY_BYTES = 1024 * 1024;

export function bucketRoutes(model: StorageModel): Route[] {
  return [
    { verb: 'GET', pattern: 'b', method: 'storage.buckets.list', handle: (exchange) => listBuckets(model, exchange) },
    {
      verb: 'POST',
      pattern: 'b',
      method: 'storage.buckets.insert',
      handle: (exchange) => insertBucket(model, exchange),
    },
    {
      verb: 'GET',
      pattern: 'b/:bucket',
      method: 'storage.buckets.get',
      handle: ({ params, query, origin }) =>
        json(bucketResource(model.getBucket(params.bucket ?? '', readConditions(query)), origin)),
    },
    { verb: 'PATCH', pattern: 'b/:bucket', method: 'storage.buckets.patch', handle: (it) => patchBucket(model, it) },
    { verb: 'PUT', pattern: 'b/:bucket', method: 'storage.buckets.update', handle: (it) => patchBucket(model, it) },
    {
      verb: 'DELETE',
      pattern: 'b/:bucket',
      method: 'storage.buckets.delete',
      handle({ params, query }) {
        model.deleteBucket(params.bucket ?? '', readConditions(query));
        return { status: 204 };
      },
    },
    ...layoutRoutes(model),
  ];
}

/** What `gcloud storage` asks before it lists: this service has neither hierarchical namespaces nor managed folders. */
function layoutRoutes(model: StorageModel): Route[] {
  return [
    {
      verb: 'GET',
      pattern: 'b/:bucket/storageLayout',
      method: 'storage.buckets.getStorageLayout',
      handle({ params }) {
        const { name, location } = model.getBucket(params.bucket ?? '');
        const hierarchicalNamespace = { enabled: false };
        return json({ kind: 'storage#storageLayout', bucket: name, location, hierarchicalNamespace });
      },
    },
    {
      verb: 'GET',
      pattern: 'b/:bucket/managedFolders',
      method: 'storage.managedFolders.list',
      handle({ params }) {
        model.getBucket(params.bucket ?? '');
        return json({ kind: 'storage#managedFolders', items: [] });
      },
    },
  ];
}

function listBuckets(model: StorageModel, { query, origin }: Exchange) {
  const buckets = model.listBuckets(query.get('prefix') ?? '');
  return json({ kind: 'storage#buckets', items: buckets.map((bucket) => bucketResource(bucket, origin)) });
}

async function insertBucket(model: StorageModel, { req, origin }: Exchange) {
  const { name, ...fields } = parseBody(await readBody(req, MAX_BODY_BYTES), BucketBody);
  if (name === undefined) throw required('name');
  return json(bucketResource(model.insertBucket(name, fields), origin));
}

async function patchBucket(model: StorageModel, { req, params, query, origin }: Exchange) {
  const { name: _fixed, ...fields } = parseBody(await readBody(req, MAX_BODY_BYTES), BucketBody);
  return json(bucketResource(model.patchBucket(params.bucket ?? '', fields, readConditions(query)), origin));
}
