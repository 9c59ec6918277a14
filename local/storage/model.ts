/**
 * Cloud Storage in memory: strongly consistent, a new generation with every write of content, every precondition of
 * the JSON API. No versioning and no soft delete: what is overwritten or deleted is gone.
 */
import type { Clock } from '../../shared/ports';
import { type Content, concatContent } from './content';
import { type Buckets, createBuckets } from './modelBuckets';
import { conditionNotMet, invalid, required } from './modelErrors';
import { createGenerations, type FinalizeListener } from './modelGenerations';
import { type ListQuery, listObjects, type ObjectListing } from './modelList';
import { checkObjectName } from './modelNames';
import {
  applyPatch,
  fieldsOf,
  type ObjectFields,
  type ObjectGeneration,
  type ObjectPatch,
  type ObjectRef,
} from './modelObject';
import { checkForRead, checkForWrite, type Preconditions } from './modelPreconditions';

export interface ComposeSource {
  name: string;
  generation?: string;
  ifGenerationMatch?: string;
}

export interface CopyOptions {
  /** Given: all metadata of the copy; left out: those of the source. */
  fields?: ObjectFields;
  /** For the destination. */
  conditions?: Preconditions;
  /** For the source: `ifSourceGenerationMatch` and its like. */
  sourceConditions?: Preconditions;
}

/** Every method throws `StorageModelError` where the service would refuse. */
export interface StorageModel extends Omit<Buckets, 'objectsIn'> {
  insertObject(to: ObjectRef, content: Content, fields?: ObjectFields, conditions?: Preconditions): ObjectGeneration;
  getObject(ref: ObjectRef, conditions?: Preconditions): ObjectGeneration;
  listObjects(bucket: string, query?: ListQuery): ObjectListing;
  /** A new metageneration: what is given is set, null deletes, the rest stays. */
  patchObject(ref: ObjectRef, patch: ObjectPatch, conditions?: Preconditions): ObjectGeneration;
  /** A new metageneration whose metadata are exactly these. */
  updateObject(ref: ObjectRef, fields: ObjectFields, conditions?: Preconditions): ObjectGeneration;
  copyObject(from: ObjectRef, to: ObjectRef, options?: CopyOptions): ObjectGeneration;
  composeObject(
    to: ObjectRef,
    sources: readonly ComposeSource[],
    fields?: ObjectFields,
    conditions?: Preconditions,
  ): ObjectGeneration;
  deleteObject(ref: ObjectRef, conditions?: Preconditions): void;
  /** Throws 404 or 412 if a write with these conditions could not succeed now. */
  checkWrite(to: ObjectRef, conditions: Preconditions): void;
  /** Called after every new generation, in their order; the function that it gives ends that. */
  onFinalize(listener: FinalizeListener): () => void;
}

const MAX_COMPOSE_SOURCES = 32;

export function createStorageModel({ clock }: { clock: Clock }): StorageModel {
  const { objectsIn, ...buckets } = createBuckets(clock);
  const { find, create, change, onFinalize } = createGenerations(clock, objectsIn);

  function checkWrite({ bucket, name }: ObjectRef, conditions: Preconditions): void {
    checkObjectName(name);
    checkForWrite(objectsIn(bucket).get(name) ?? null, conditions);
  }

  return {
    ...buckets,
    checkWrite,
    insertObject(to, content, fields = {}, conditions = {}) {
      checkWrite(to, conditions);
      return create(to, content, fields);
    },
    getObject(ref, conditions = {}) {
      const object = find(ref);
      checkForRead(object, conditions);
      return object;
    },
    listObjects: (bucket, query = {}) => listObjects(objectsIn(bucket), query),
    patchObject(ref, patch, conditions = {}) {
      const object = find(ref);
      checkForWrite(object, conditions);
      return change(object, applyPatch(fieldsOf(object), patch));
    },
    updateObject(ref, fields, conditions = {}) {
      const object = find(ref);
      checkForWrite(object, conditions);
      return change(object, applyPatch({}, fields));
    },
    copyObject(from, to, { fields, conditions = {}, sourceConditions = {} } = {}) {
      const source = find(from);
      checkForWrite(source, sourceConditions);
      checkWrite(to, conditions);
      return create(to, source.content, fields ?? fieldsOf(source), source.componentCount);
    },
    composeObject(to, sources, fields = {}, conditions = {}) {
      checkSources(sources);
      const found = sources.map((source) => findSource(find, to.bucket, source));
      checkWrite(to, conditions);
      const components = found.reduce((sum, source) => sum + (source.componentCount ?? 1), 0);
      return create(to, concatContent(found.map((source) => source.content)), fields, components);
    },
    deleteObject(ref, conditions = {}) {
      checkForWrite(find(ref), conditions);
      objectsIn(ref.bucket).remove(ref.name);
    },
    onFinalize,
  };
}

function checkSources(sources: readonly ComposeSource[]): void {
  if (sources.length === 0) throw required('sourceObjects');
  if (sources.length > MAX_COMPOSE_SOURCES) {
    throw invalid(`The number of source components provided (${sources.length}) exceeds the maximum (32)`);
  }
}

function findSource(
  find: (ref: ObjectRef) => ObjectGeneration,
  bucket: string,
  { name, generation, ifGenerationMatch }: ComposeSource,
): ObjectGeneration {
  if (name === undefined || name === '') throw required('sourceObjects[].name');
  const source = find({ bucket, name, generation });
  if (ifGenerationMatch !== undefined && ifGenerationMatch !== source.generation) throw conditionNotMet();
  return source;
}
