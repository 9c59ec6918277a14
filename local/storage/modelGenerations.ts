/**
 * How generations come and go: the live one is found, a write makes the next one, a change of metadata the next
 * metageneration. Who listens hears of every new generation.
 */
import type { Clock } from '../../shared/ports';
import type { Content } from './content';
import type { LiveObjects } from './modelBuckets';
import { objectNotFound } from './modelErrors';
import { applyPatch, etagOf, type ObjectFields, type ObjectGeneration, type ObjectRef } from './modelObject';

export type FinalizeListener = (object: ObjectGeneration) => void;

export interface Generations {
  /** The live generation; throws 404 where there is none, or where `ref` names another one. */
  find(ref: ObjectRef): ObjectGeneration;
  create(to: ObjectRef, content: Content, fields: ObjectFields, componentCount?: number): ObjectGeneration;
  /** The same content with these metadata. */
  change(object: ObjectGeneration, fields: ObjectFields): ObjectGeneration;
  /** Called after every new generation, in their order; the function that it gives ends that. */
  onFinalize(listener: FinalizeListener): () => void;
}

export function createGenerations(clock: Clock, objectsIn: (bucket: string) => LiveObjects): Generations {
  const listeners = new Set<FinalizeListener>();
  let lastGeneration = 0;

  /** Microseconds of the clock, as the service's own; above all earlier ones even if the clock stands still. */
  function nextGeneration(): string {
    lastGeneration = Math.max(Math.floor(clock.now() * 1000), lastGeneration + 1);
    return `${lastGeneration}`;
  }

  return {
    find({ bucket, name, generation }) {
      const live = objectsIn(bucket).get(name);
      const isFound = live !== undefined && (generation === undefined || generation === live.generation);
      if (!isFound) throw objectNotFound(bucket, name);
      return live;
    },
    create({ bucket, name }, content, fields, componentCount) {
      const objects = objectsIn(bucket);
      const generation = nextGeneration();
      const time = new Date(clock.now()).toISOString();
      const object: ObjectGeneration = {
        ...completed(fields),
        ...{ bucket, name, generation, metageneration: '1', timeCreated: time, updated: time, content },
        ...(componentCount === undefined ? {} : { componentCount }),
        etag: etagOf(generation, '1'),
      };
      objects.put(object);
      for (const listener of listeners) listener(object);
      return object;
    },
    change(object, fields) {
      const { bucket, name, generation, timeCreated, content, storageClass, componentCount } = object;
      const metageneration = `${Number(object.metageneration) + 1}`;
      const changed: ObjectGeneration = {
        ...completed({ storageClass, ...fields }),
        ...{ bucket, name, generation, metageneration, timeCreated, content },
        ...(componentCount === undefined ? {} : { componentCount }),
        updated: new Date(clock.now()).toISOString(),
        etag: etagOf(generation, metageneration),
      };
      objectsIn(bucket).put(changed);
      return changed;
    },
    onFinalize(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function completed(fields: ObjectFields): ObjectFields & { metadata: Record<string, string>; storageClass: string } {
  const given = applyPatch({}, fields);
  return { ...given, metadata: given.metadata ?? {}, storageClass: given.storageClass ?? 'STANDARD' };
}
