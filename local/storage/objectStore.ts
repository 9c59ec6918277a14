/** The `ObjectStore` port on the model itself, without a wire: for simulations and tests on a virtual clock. */
import { Readable } from 'node:stream';
import { ServiceError, statusOfHttp } from '../../shared/core/errors';
import type { ObjectName, ObjectStore, StoredObject } from '../../shared/ports';
import { type Content, createContentBuilder, sliceContent } from './content';
import type { StorageModel } from './model';
import { StorageModelError } from './modelErrors';
import { fieldsOf, type ObjectGeneration, type ObjectRef } from './modelObject';
import type { Preconditions } from './modelPreconditions';

export function modelObjectStore(model: StorageModel): ObjectStore {
  return {
    async stat(object, generation) {
      return attempt('Storage.ObjectsGet', () => toStored(model.getObject(refOf(object, generation))), {
        notFound: null,
      });
    },
    async read(object, generation) {
      const found = attempt('Storage.ObjectsGet', () => model.getObject(refOf(object, generation)), { notFound: null });
      return found && { object: toStored(found), body: Buffer.concat(found.content.chunks) };
    },
    async openRead(object, generation) {
      const found = attempt('Storage.ObjectsGet', () => model.getObject(refOf(object, generation)), { notFound: null });
      return found && Readable.from(sliceContent(found.content), { objectMode: false });
    },
    async write(object, body, { ifGenerationMatch, ...fields }) {
      const content = await collect(body);
      const conditions = conditionsOf(ifGenerationMatch);
      return attempt(
        'Storage.ObjectsInsert',
        () => toStored(model.insertObject(refOf(object), content, fields, conditions)),
        {
          conditionNotMet: null,
        },
      );
    },
    async copy(from, to, { ifGenerationMatch, metadata } = {}) {
      const source = attempt('Storage.ObjectsGet', () => model.getObject(refOf(from, from.generation)), {
        notFound: null,
      });
      if (source === null) return 'source-gone';
      const fields = metadata && { ...fieldsOf(source), metadata };
      const options = { fields, conditions: conditionsOf(ifGenerationMatch) };
      const outcomes = { conditionNotMet: 'precondition' } as const;
      return attempt(
        'Storage.ObjectsRewrite',
        () => toStored(model.copyObject(refOf(from, from.generation), refOf(to), options)),
        outcomes,
      );
    },
    async delete(object, { ifGenerationMatch } = {}) {
      const outcomes = { notFound: 'absent', conditionNotMet: 'changed' } as const;
      return attempt(
        'Storage.ObjectsDelete',
        () => {
          model.deleteObject(refOf(object), conditionsOf(ifGenerationMatch));
          return 'deleted' as const;
        },
        outcomes,
      );
    },
    async list({ bucket, ...query }) {
      const { objects, nextPageToken } = attempt('Storage.ObjectsList', () => model.listObjects(bucket, query));
      return { objects: objects.map(toStored), ...(nextPageToken === undefined ? {} : { nextPageToken }) };
    },
  };
}

/** Runs `call`; refusals whose reason is in `outcomes` become that value, the others a `ServiceError`. */
function attempt<T, O extends string | null = never>(
  call: string,
  run: () => T,
  outcomes: { [reason: string]: O } = {},
): T | O {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof StorageModelError)) throw error;
    const outcome = Object.entries(outcomes).find(([reason]) => reason === error.reason);
    if (outcome !== undefined) return outcome[1];
    throw new ServiceError(call, statusOfHttp(error.status), error.message, { cause: error });
  }
}

/** Only what is meant: callers may pass a whole `StoredObject` as a name, and its generation is then not asked for. */
function refOf({ bucket, name }: ObjectName, generation?: string): ObjectRef {
  return { bucket, name, ...(generation === undefined ? {} : { generation }) };
}

function conditionsOf(ifGenerationMatch: string | undefined): Preconditions {
  return ifGenerationMatch === undefined ? {} : { ifGenerationMatch };
}

async function collect(body: string | Buffer | Readable): Promise<Content> {
  const builder = createContentBuilder();
  if (body instanceof Readable) {
    for await (const chunk of body) builder.push(Buffer.from(chunk));
  } else {
    builder.push(Buffer.from(body));
  }
  return builder.finish();
}

function toStored(object: ObjectGeneration): StoredObject {
  const { bucket, name, generation, metageneration, contentType, contentEncoding, timeCreated, updated } = object;
  return {
    ...{ bucket, name, generation, metageneration, size: object.content.size, timeCreated, updated },
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    metadata: { ...object.metadata },
  };
}
