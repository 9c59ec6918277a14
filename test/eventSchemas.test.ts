import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_NAMES } from '../shared/core/command';
import { EVENT_SCHEMAS, jsonSchemaOf } from '../shared/core/eventSchema';
import { createWorld } from './engine/world';
import { checkEvent } from './validEvent';

const FOLDER = join(__dirname, '../docs/events');
const TYPES = Object.keys(EVENT_SCHEMAS);

interface JsonSchema {
  properties: Record<string, { enum?: string[] }>;
  required: string[];
}

describe('docs/events', () => {
  it('holds the schema of every event, as npm run schemas writes them, and no other', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.schema.json'));
    const table = readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(/^\| `([^`]+)`/gm);

    expect([...table].map(([, type]) => type).sort()).toEqual([...TYPES].sort());
    expect(files.sort()).toEqual(TYPES.map((type) => `${type}.schema.json`).sort());
    for (const type of TYPES) {
      const written: unknown = JSON.parse(readFileSync(join(FOLDER, `${type}.schema.json`), 'utf8'));
      expect(written).toEqual(JSON.parse(JSON.stringify(jsonSchemaOf(type))));
    }
  });

  it('lets subscribers ignore what a later release adds', () => {
    for (const type of TYPES) expect(JSON.stringify(jsonSchemaOf(type))).not.toContain('additionalProperties":false');
  });

  it('has one terminal event for every command and for imports', () => {
    const requests = TYPES.filter((type) => type.endsWith('.completed.v1')).flatMap(
      (type) => (jsonSchemaOf(type) as JsonSchema).properties.request?.enum ?? [],
    );

    expect(requests.sort()).toEqual([...COMMAND_NAMES, 'importProductSets'].sort());
  });
});

describe('the schema of an event', () => {
  async function published() {
    const world = createWorld();
    await world.publish({ command: 'deleteProduct', productId: 'p1', requestId: 'one' });
    const [event] = await world.closed().then((records) => records.flatMap((record) => record.event ?? []));
    const attributes = {
      'ce-specversion': '1.0',
      'ce-id': event?.id ?? '',
      'ce-type': event?.type ?? '',
      'ce-source': event?.source ?? '',
      'ce-subject': event?.subject ?? '',
      'ce-time': event?.time ?? '',
      'content-type': 'application/json',
    };
    return { data: { ...event?.data }, attributes };
  }

  const message = ({ data, attributes }: Awaited<ReturnType<typeof published>>) => ({
    data: Buffer.from(JSON.stringify(data)),
    attributes,
  });

  it('lets a real event pass', async () => {
    const event = await published();

    expect(() => checkEvent(message(event))).not.toThrow();
  });

  it.each<[string, Record<string, unknown>]>([
    ['a field that it does not name', { extra: 1 }],
    ['an outcome that is none', { outcome: 'done' }],
    ['a count that another kind has', { counts: { imported: 1 } }],
    ['a count below nothing', { counts: { products: -1 } }],
    ['a count that is left out', { counts: { products: 1 } }],
    ['a time that is none', { endedAt: 'yesterday' }],
    ['a request of another kind', { request: 'purgeOrphanProducts' }],
    ['no files', { files: undefined }],
  ])('catches %s', async (_case, change) => {
    const event = await published();

    expect(() => checkEvent(message({ ...event, data: { ...event.data, ...change } }))).toThrow(
      'does not fit its schema',
    );
  });

  it('catches a type that nobody has described', async () => {
    const event = await published();
    event.attributes['ce-type'] = 'product-search.import.completed.v2';

    expect(() => checkEvent(message(event))).toThrow('has no schema');
  });
});
