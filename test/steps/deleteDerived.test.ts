import { ServiceError } from '../../shared/core/errors';
import type { RequestRecord } from '../../shared/core/request';
import { cleanDerived } from '../../shared/steps/cleanDerived';
import { countOriginals } from '../../shared/steps/countOriginals';
import { deleteDerived } from '../../shared/steps/deleteDerived';
import { estimateDerived } from '../../shared/steps/estimateDerived';
import { handledFile } from '../../shared/steps/imageFiles';
import type { Step } from '../../shared/steps/step';
import { commandRecord } from '../core/requests';
import { ids, left, seedOriginals, worldOf } from '../engine/derivedWorld';
import { IMAGES, type World } from '../engine/world';
import { stepTrial } from './stepContext';

/** Runs the step in invocations that have no time left after each page; gives how each of them left off. */
async function oneByOne(step: Step, world: World, record: RequestRecord): Promise<string[]> {
  const { context } = stepTrial(world, record, () => true);
  const kinds: string[] = [];
  let cursor: unknown;
  for (let invocation = 0; invocation < 20; invocation += 1) {
    const result = await step(context, structuredClone(cursor));
    kinds.push(result.kind);
    if (result.kind !== 'more') return kinds;
    cursor = result.cursor;
  }
  return kinds;
}

const COUNTS = { originals: 0, derived: 0, notFound: 0, failed: 0 };

describe('an invocation whose time is used up goes on in another', () => {
  it('with the next page by cursor', async () => {
    const world = worldOf(25, { originalsPerCall: 10 });
    const record = commandRecord('deleteDerivedResources', { select: { all: true }, keepOriginal: true });

    expect(await oneByOne(deleteDerived, world, record)).toEqual(['more', 'more', 'done']);
    expect(record.counts).toEqual({ ...COUNTS, derived: 50 });
    expect(left(world)).toEqual([25, 0]);
  });

  it('with the next hundred ids', async () => {
    const world = worldOf(250);
    const input = { select: { publicIds: [...ids(250)] }, keepOriginal: false };
    const record = commandRecord('deleteDerivedResources', input);

    expect(await oneByOne(deleteDerived, world, record)).toEqual(['more', 'more', 'more', 'done']);
    expect(record.counts).toEqual({ ...COUNTS, originals: 250, derived: 500 });
    expect(left(world)).toEqual([0, 0]);
  });

  it('with the next page of what is counted', async () => {
    const world = worldOf(1_200);
    const record = commandRecord('deleteDerivedResources', { select: { all: true }, keepOriginal: false });

    expect(await oneByOne(countOriginals, world, record)).toEqual(['more', 'more', 'done']);
    expect(left(world)).toEqual([1_200, 2_400]);
  });

  it('with the next hundred ids of a dry run', async () => {
    const world = worldOf(250);
    const input = { select: { publicIds: [...ids(251)] }, keepOriginal: false };
    const record = commandRecord('deleteDerivedResources', input, { dryRun: true });

    expect(await oneByOne(estimateDerived, world, record)).toEqual(['more', 'more', 'done']);
    expect(record.counts).toEqual({ ...COUNTS, originals: 250, derived: 500, notFound: 1 });
    expect(left(world)).toEqual([250, 500]);
  });

  it('with the next hundred of removed files, also in the middle of a survey file', async () => {
    const world = worldOf(0);
    seedOriginals(world, ids(250));
    const record = commandRecord('deleteProducts', { derived: { keepOriginal: true } });
    record.facts.survey = { products: 250, stay: 0, chunks: 2, rounds: [0], digest: '' };
    const { context } = stepTrial(world, record);
    const files = [...ids(250)].map((name) => ({
      uri: `gs://images/${name}.png`,
      productId: 'p',
      removed: true,
      reason: '',
    }));
    for (const [chunk, part] of [files.slice(0, 150), files.slice(150)].entries()) {
      await world.ports.objects.write(handledFile(context, chunk), JSON.stringify(part), {
        contentType: 'application/json',
      });
    }

    expect(await oneByOne(cleanDerived, world, record)).toEqual(['more', 'more', 'more', 'done']);
    expect(record.counts).toMatchObject({ derived: 500, originals: 0 });
    expect(left(world)).toEqual([250, 0]);
  });
});

describe('a page that is counted', () => {
  it('is not counted again where a fault comes after it', async () => {
    const world = worldOf(3);
    const record = commandRecord('deleteProducts', { derived: { keepOriginal: true } });
    record.facts.survey = { products: 3, stay: 0, chunks: 2, rounds: [0], digest: '' };
    const { context } = stepTrial(world, record);
    context.checkpoint = async (cursor) => {
      record.cursor = structuredClone(cursor);
    };
    const write = (chunk: number, publicIds: string[]) => {
      const files = publicIds.map((id) => ({ uri: `gs://${IMAGES}/${id}.png`, removed: true, reason: '' }));
      const options = { contentType: 'application/json' };
      return context.ports.objects.write(handledFile(context, chunk), JSON.stringify(files), options);
    };
    const [first = '', second = '', third = ''] = ids(3);
    await write(0, [first, second]);
    await write(1, [third]);
    const { objects } = context.ports;
    let isBroken = true;
    const read: typeof objects.read = (object) => {
      if (!isBroken || object.name !== handledFile(context, 1).name) return objects.read(object);
      isBroken = false;
      throw new ServiceError('objects.read', 'UNAVAILABLE', 'said the service');
    };
    context.ports = { ...context.ports, objects: { ...objects, read } };

    await expect(cleanDerived(context, undefined)).rejects.toThrow('said the service');
    const result = await cleanDerived(context, structuredClone(record.cursor));

    expect(result).toEqual({ kind: 'done' });
    expect(record.counts.derived).toBe(6);
    expect(left(world)).toEqual([3, 0]);
  });
});
