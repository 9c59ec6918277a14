/** The routes of objects except uploads: https://cloud.google.com/storage/docs/json_api/v1/objects. */
import { readBody } from '../wire/readBody';
import { type Answer, type Exchange, json, type Route } from './answer';
import type { StorageModel } from './model';
import type { ObjectGeneration, ObjectRef } from './modelObject';
import { objectMedia } from './objectMedia';
import { readConditions, readListQuery, readRef } from './requestQuery';
import { ComposeBody, fieldsOfPatch, objectResource, parseBody, parseObjectRequest } from './resource';

type Handler = (model: StorageModel, exchange: Exchange) => Answer | Promise<Answer>;

const MAX_BODY_BYTES = 1024 * 1024;
const OBJECT = 'b/:bucket/o/:object';
const DESTINATION = 'b/:toBucket/o/:toObject';
const ROUTES: [verb: string, pattern: string, method: string, handler: Handler][] = [
  ['GET', 'b/:bucket/o', 'storage.objects.list', listObjects],
  ['GET', OBJECT, 'storage.objects.get', getObject],
  ['PATCH', OBJECT, 'storage.objects.patch', patchObject],
  ['PUT', OBJECT, 'storage.objects.update', updateObject],
  ['DELETE', OBJECT, 'storage.objects.delete', deleteObject],
  ['POST', `${OBJECT}/compose`, 'storage.objects.compose', composeObject],
  ['POST', `${OBJECT}/rewriteTo/${DESTINATION}`, 'storage.objects.rewrite', rewriteObject],
  ['POST', `${OBJECT}/copyTo/${DESTINATION}`, 'storage.objects.copy', copyObject],
];

export function objectRoutes(model: StorageModel): Route[] {
  return ROUTES.map(([verb, pattern, method, handler]) => ({
    ...{ verb, pattern, method },
    handle: (exchange) => handler(model, exchange),
  }));
}

/** Plain `GET /BUCKET/OBJECT`, as public links and the XML API have it. */
export function publicRoutes(model: StorageModel): Route[] {
  const handle = (exchange: Exchange) => media(model, exchange);
  return ['GET', 'HEAD'].map((verb) => ({ verb, pattern: ':bucket/*', method: 'storage.objects.get', handle }));
}

function listObjects(model: StorageModel, { params, query, origin }: Exchange): Answer {
  const isSoftDeleted = query.get('softDeleted') === 'true';
  const listing = model.listObjects(params.bucket ?? '', readListQuery(query));
  const items = isSoftDeleted ? [] : listing.objects.map((object) => objectResource(object, origin));
  return json({
    kind: 'storage#objects',
    ...(listing.nextPageToken === undefined ? {} : { nextPageToken: listing.nextPageToken }),
    ...(listing.prefixes.length === 0 || isSoftDeleted ? {} : { prefixes: listing.prefixes }),
    ...(items.length === 0 ? {} : { items }),
  });
}

function getObject(model: StorageModel, exchange: Exchange): Answer {
  if (exchange.query.get('alt') === 'media') return media(model, exchange);
  return resource(model.getObject(readRef(exchange), readConditions(exchange.query)), exchange);
}

function media(model: StorageModel, exchange: Exchange): Answer {
  return objectMedia(model.getObject(readRef(exchange), readConditions(exchange.query)), exchange.req.headers);
}

async function patchObject(model: StorageModel, exchange: Exchange): Promise<Answer> {
  const { patch } = parseObjectRequest(await readBody(exchange.req, MAX_BODY_BYTES));
  return resource(model.patchObject(readRef(exchange), patch, readConditions(exchange.query)), exchange);
}

async function updateObject(model: StorageModel, exchange: Exchange): Promise<Answer> {
  const { patch } = parseObjectRequest(await readBody(exchange.req, MAX_BODY_BYTES));
  const fields = fieldsOfPatch(patch) ?? {};
  return resource(model.updateObject(readRef(exchange), fields, readConditions(exchange.query)), exchange);
}

function deleteObject(model: StorageModel, exchange: Exchange): Answer {
  model.deleteObject(readRef(exchange), readConditions(exchange.query));
  return { status: 204 };
}

async function composeObject(model: StorageModel, exchange: Exchange): Promise<Answer> {
  const body = parseBody(await readBody(exchange.req, MAX_BODY_BYTES), ComposeBody);
  const sources = body.sourceObjects.map(({ name, generation, objectPreconditions }) => ({
    ...{ name, generation },
    ifGenerationMatch: objectPreconditions?.ifGenerationMatch,
  }));
  const { name: _fromPath, crc32c: _sent, md5Hash: _never, ...patch } = body.destination ?? {};
  const to = { bucket: exchange.params.bucket ?? '', name: exchange.params.object ?? '' };
  const conditions = readConditions(exchange.query);
  return resource(model.composeObject(to, sources, fieldsOfPatch(patch), conditions), exchange);
}

/** Done in one response, whatever the size: a rewrite token is never needed. */
async function rewriteObject(model: StorageModel, exchange: Exchange): Promise<Answer> {
  const copied = await copy(model, exchange);
  const size = `${copied.content.size}`;
  const progress = { totalBytesRewritten: size, objectSize: size, done: true };
  return json({ kind: 'storage#rewriteResponse', ...progress, resource: objectResource(copied, exchange.origin) });
}

async function copyObject(model: StorageModel, exchange: Exchange): Promise<Answer> {
  return resource(await copy(model, exchange), exchange);
}

async function copy(model: StorageModel, { req, params, query }: Exchange): Promise<ObjectGeneration> {
  const { patch } = parseObjectRequest(await readBody(req, MAX_BODY_BYTES));
  const generation = query.get('sourceGeneration') ?? undefined;
  const from: ObjectRef = { bucket: params.bucket ?? '', name: params.object ?? '', generation };
  const to: ObjectRef = { bucket: params.toBucket ?? '', name: params.toObject ?? '' };
  const conditions = readConditions(query);
  const sourceConditions = readConditions(query, 'ifSource');
  return model.copyObject(from, to, { fields: fieldsOfPatch(patch), conditions, sourceConditions });
}

function resource(object: ObjectGeneration, { origin }: Exchange): Answer {
  return json(objectResource(object, origin));
}
