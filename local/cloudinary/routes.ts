/** The paths of the Admin API and of the Upload API that the local Cloudinary serves, and what each asks of the model. */

import type { CloudinaryModel } from './model';
import type { DeletionQuestion } from './modelDeletions';
import { badRequest } from './modelErrors';
import { RESOURCE_TYPES } from './modelResources';
import type { Params } from './params';

/** By these names faults are asked for. */
export const METHODS = [
  'DeleteDerivedResources',
  'DeleteResources',
  'DeleteTransformation',
  'Destroy',
  'Explicit',
  'GetResource',
  'ListResources',
  'ListTransformations',
  'Ping',
  'Upload',
  'Usage',
] as const;

export interface Route {
  name: (typeof METHODS)[number];
  /** The Upload API is signed and has no hourly limit. */
  api: 'admin' | 'upload';
  handle(model: CloudinaryModel, params: Params): object;
}

/** `path` holds the decoded segments below the cloud's name. */
export function findRoute(verb: string, path: readonly string[]): Route | null {
  const [first = '', second = '', third = '', ...rest] = path;
  const below = rest.join('/');
  if (first === 'resources' && second !== '') return resourceRoute(verb, second, third, below);
  if (verb === 'DELETE' && first === 'resources') return deletion({ resourceType: '', type: '' });
  if (path.length === 1) return plainRoute(verb, first);
  if (verb === 'POST' && RESOURCE_TYPES.includes(first) && path.length === 2) return uploadRoute(first, second);
  return null;
}

function resourceRoute(verb: string, resourceType: string, type: string, below: string): Route | null {
  if (verb === 'DELETE' && type === 'tags' && below !== '') return deletion({ resourceType, type: '', tag: below });
  if (verb === 'DELETE' && type !== '' && below === '') return deletion({ resourceType, type });
  if (verb !== 'GET') return null;
  if (type === 'tags' && below !== '') return list({ resourceType, tag: below });
  if (below === '') return list({ resourceType, ...(type === '' ? {} : { type }) });
  return {
    name: 'GetResource',
    api: 'admin',
    handle: (model, params) =>
      model.details(
        { resourceType, type, publicId: below },
        { maxResults: params.number('max_results'), nextCursor: params.text('derived_next_cursor') },
      ),
  };
}

function deletion(place: Pick<DeletionQuestion, 'resourceType' | 'type' | 'tag'>): Route {
  return {
    name: 'DeleteResources',
    api: 'admin',
    handle: (model, params) =>
      model.deleteResources({
        ...place,
        publicIds: params.list('public_ids'),
        assetIds: params.list('asset_ids'),
        prefix: params.text('prefix'),
        all: params.flag('all'),
        keepOriginal: params.flag('keep_original'),
        invalidate: params.flag('invalidate'),
        transformations: params.text('transformations'),
        nextCursor: params.text('next_cursor'),
      }),
  };
}

function list(place: { resourceType: string; type?: string; tag?: string }): Route {
  return {
    name: 'ListResources',
    api: 'admin',
    handle: (model, params) =>
      model.list({
        ...place,
        prefix: params.text('prefix'),
        publicIds: params.list('public_ids'),
        maxResults: params.number('max_results'),
        nextCursor: params.text('next_cursor'),
      }),
  };
}

function plainRoute(verb: string, name: string): Route | null {
  switch (`${verb} ${name}`) {
    case 'GET ping':
      return { name: 'Ping', api: 'admin', handle: () => ({ status: 'ok' }) };
    case 'GET usage':
      return { name: 'Usage', api: 'admin', handle: (model) => model.usage() };
    case 'GET transformations':
      return { name: 'ListTransformations', api: 'admin', handle: transformations };
    case 'DELETE transformations':
      return {
        name: 'DeleteTransformation',
        api: 'admin',
        handle: (model, params) =>
          model.deleteTransformation(required(params, 'transformation'), params.flag('invalidate') === true),
      };
    case 'DELETE derived_resources':
      return {
        name: 'DeleteDerivedResources',
        api: 'admin',
        handle: (model, params) =>
          model.deleteDerived(params.list('derived_resource_ids') ?? [], params.flag('invalidate') === true),
      };
    default:
      return null;
  }
}

function transformations(model: CloudinaryModel, params: Params): object {
  const query = { maxResults: params.number('max_results'), nextCursor: params.text('next_cursor') };
  const name = params.text('transformation');
  return name === undefined ? model.transformations(query) : model.transformation(name, query);
}

function uploadRoute(resourceType: string, action: string): Route | null {
  const identity = (params: Params, publicId = required(params, 'public_id')) => ({
    resourceType,
    type: params.text('type') ?? 'upload',
    publicId,
  });
  const rest = (params: Params) => ({
    tags: parts(params.text('tags'), ','),
    eager: parts(params.text('eager'), '|'),
  });
  switch (action) {
    case 'upload':
      return {
        name: 'Upload',
        api: 'upload',
        handle: (model, params) =>
          model.upload({
            ...identity(params, params.text('public_id') ?? ''),
            folder: params.text('folder'),
            ...rest(params),
            bytes: params.fileBytes ?? contentBytes(required(params, 'file')),
          }),
      };
    case 'explicit':
      return {
        name: 'Explicit',
        api: 'upload',
        handle: (model, params) => model.explicit({ ...identity(params), ...rest(params) }),
      };
    case 'destroy':
      return {
        name: 'Destroy',
        api: 'upload',
        handle: (model, params) => model.destroy(identity(params), params.flag('invalidate') === true),
      };
    default:
      return null;
  }
}

/** Of a data URI; what another address leads to is not fetched. */
function contentBytes(file: string): number | undefined {
  const base64 = /^data:[^,]*;base64,(.*)$/s.exec(file)?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').length;
}

function required(params: Params, name: string): string {
  const value = params.text(name);
  if (value === undefined || value === '') throw badRequest(`Missing required parameter - ${name}`);
  return value;
}

function parts(text: string | undefined, mark: string): string[] {
  return (text ?? '').split(mark).filter((part) => part !== '');
}
