/** The real engine, steps and core on the models of the local services, on one virtual clock: no timers, no I/O. */
import { createHash } from 'node:crypto';
import { modelDerivedImages } from '../../local/cloudinary/derivedImages';
import { type CloudinaryModel, createCloudinaryModel } from '../../local/cloudinary/model';
import { objectReader } from '../../local/objectReader';
import { createProductSearchModel } from '../../local/productSearch/model';
import { modelProductSearch } from '../../local/productSearch/port';
import { contentOf } from '../../local/storage/content';
import { createStorageModel } from '../../local/storage/model';
import { modelObjectStore } from '../../local/storage/objectStore';
import { type Config, loadConfig } from '../../shared/config';
import type { RequestRecord } from '../../shared/core/request';
import { advance } from '../../shared/engine/advance';
import { acceptDrop, type FinalizedFile } from '../../shared/engine/intake';
import { receiveCommand } from '../../shared/engine/receiveCommand';
import { receiveContinuation } from '../../shared/engine/receiveContinuation';
import { tick } from '../../shared/engine/tick';
import { createPacer } from '../../shared/ledger/pacer';
import { SILENT_LOG } from '../../shared/log';
import type { Clock, DerivedImages, OutgoingMessage, Ports } from '../../shared/ports';
import { checkEvent } from '../validEvent';
import { createFaultyPorts } from './faultyPorts';

export const PROJECT = 'local-project';
export const LOCATION = 'us-west1';
const INTAKE = 'product-search-intake';
const STATE = 'product-search-state';
export const IMAGES = 'product-search-images';
const START = Date.parse('2026-11-22T08:00:00Z');
const OPERATION_MS = 3_000;
const TICK_MS = 60_000;

export interface PublishedEvent {
  id: string;
  type: string;
  data: Record<string, unknown> & {
    requestId: string;
    outcome: string;
    counts: Record<string, number>;
    problems: { code: string; message: string; line?: number; column?: number; field?: string }[];
    files: Record<string, string>;
  };
}

export interface WorldOptions {
  /** Of Cloudinary; default 500 an hour. */
  callsPerHour?: number;
  /** That one deletion there takes; default 1,000. */
  originalsPerCall?: number;
  /** Instead of the model's own; undefined for no credentials. */
  derivedImages?: (model: CloudinaryModel, clock: Clock) => DerivedImages | undefined;
}

export function createWorld(environment: Record<string, string> = {}, options: WorldOptions = {}) {
  let now = START;
  let nonces = 0;
  let callsBeforeCrash = Number.POSITIVE_INFINITY;
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      now += ms;
    },
  };
  const entropy = {
    nonce: () => {
      nonces += 1;
      return createHash('md5').update(`nonce ${nonces}`).digest('hex');
    },
  };
  const storage = createStorageModel({ clock });
  for (const bucket of [INTAKE, STATE, IMAGES]) storage.insertBucket(bucket);
  const productSearch = createProductSearchModel({
    clock,
    entropy,
    objects: objectReader(storage),
    operationMs: OPERATION_MS,
    indexMs: 5_000,
    limits: { importsPerDay: 10_000 },
  });
  const cloudinary = createCloudinaryModel({
    clock,
    entropy,
    callsPerWindow: options.callsPerHour,
    originalsPerCall: options.originalsPerCall,
  });
  let invalid: unknown;
  /** The engine takes a fault of the publisher for one that passes; so it is kept for the test, too. */
  function checkPublished(message: OutgoingMessage): void {
    try {
      checkEvent(message);
    } catch (error) {
      invalid ??= error;
      throw error;
    }
  }
  const published: { topic: string; message: OutgoingMessage }[] = [];
  const config: Config = loadConfig({
    GOOGLE_CLOUD_PROJECT: PROJECT,
    INTAKE_BUCKET: INTAKE,
    STATE_BUCKET: STATE,
    REMOVABLE_IMAGES: `gs://${IMAGES}/`,
    ...environment,
  });
  const real: Ports = {
    clock,
    entropy,
    log: SILENT_LOG,
    objects: modelObjectStore(storage),
    productSearch: modelProductSearch(productSearch, PROJECT),
    publisher: {
      async publish(topic, message) {
        if (topic === config.eventsTopic) checkPublished(message);
        published.push({ topic, message });
        return String(published.length);
      },
    },
    derivedImages: (options.derivedImages ?? modelDerivedImages)(cloudinary, clock),
  };

  /** Counts the calls of all ports; the one that the crash is set to never answers, before or after its effect. */
  function crashing<T extends object>(port: T): T {
    return new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...parameters: unknown[]) => {
          callsBeforeCrash -= 1;
          if (callsBeforeCrash === 0) {
            crashed();
            await new Promise(() => undefined);
          }
          return method.apply(target, parameters);
        };
      },
    });
  }
  let crashes = 0;
  let crashed: () => void = () => undefined;
  const faulty = createFaultyPorts(real);
  const ports: Ports = {
    ...real,
    objects: crashing(faulty.ports.objects),
    productSearch: crashing(faulty.ports.productSearch),
    publisher: crashing(faulty.ports.publisher),
    derivedImages: faulty.ports.derivedImages && crashing(faulty.ports.derivedImages),
  };
  /** A crash takes the pacer with it, as it takes the process. */
  const instance = () => ({ ports, config, pacer: createPacer(ports, config) });

  const finalized: FinalizedFile[] = [];
  storage.onFinalize((object) => {
    if (object.bucket !== INTAKE) return;
    finalized.push({ bucket: INTAKE, name: object.name, generation: object.generation, size: object.content.size });
  });
  let read = 0;
  let continuations = 0;
  let messages = 0;

  /** One invocation; a crash ends it without an answer. */
  async function invoke(act: () => Promise<void>): Promise<'returned' | 'crashed'> {
    const crash = new Promise<'crashed'>((resolve) => {
      crashed = () => resolve('crashed');
    });
    const outcome = await Promise.race([act().then(() => 'returned' as const), crash]);
    if (outcome === 'crashed') {
      callsBeforeCrash = Number.POSITIVE_INFINITY;
      crashes += 1;
    }
    return outcome;
  }

  async function deliverDrop(file: FinalizedFile): Promise<'returned' | 'crashed'> {
    return invoke(async () => {
      const deps = instance();
      const accepted = await acceptDrop(file, deps, 'now');
      if (accepted?.kind === 'accepted') await advance(accepted.opened, deps);
    });
  }

  function messageOf(data: Buffer, messageId: string) {
    const publishTime = new Date(now).toISOString();
    const subscription = `projects/${PROJECT}/subscriptions/${config.commandsTopic}-push`;
    return { messageId, publishTime, attributes: {}, data, subscription };
  }

  async function deliverCommand(data: Buffer, messageId: string): Promise<'returned' | 'crashed'> {
    return invoke(() => receiveCommand(messageOf(data, messageId), instance()));
  }

  async function deliverContinuations(): Promise<boolean> {
    let some = false;
    for (; read < published.length; read += 1) {
      const next = published[read];
      if (next?.topic !== config.continuationsTopic) continue;
      some = true;
      continuations += 1;
      await invoke(() => receiveContinuation(messageOf(next.message.data, `continuation-${read}`), instance()));
    }
    return some;
  }

  async function fire() {
    return tick({ ports: faulty.ports, config });
  }

  const world = {
    clock,
    storage,
    productSearch,
    cloudinary,
    ports: real,
    config,
    finalized,
    failCall: faulty.failCall,
    calls: faulty.calls,
    onCall: faulty.onCall,
    onFault: faulty.onFault,
    fire,
    deliverDrop,
    deliverCommand,
    deliverContinuations,
    pass(ms: number): void {
      now += ms;
    },

    /** The n-th port call from now on never answers, and its invocation is dead. */
    crashAtCall(n: number): void {
      callsBeforeCrash = n;
    },

    hasCrashed: () => crashes > 0,
    crashCount: () => crashes,

    deliveredContinuations: () => continuations,

    image(name: string, bytes = name): string {
      storage.insertObject({ bucket: IMAGES, name }, contentOf(Buffer.from(bytes)), { contentType: 'image/png' });
      return `gs://${IMAGES}/${name}`;
    },

    /** Drops a file without delivering its event. */
    put(name: string, body: string | Buffer): FinalizedFile {
      storage.insertObject({ bucket: INTAKE, name }, contentOf(Buffer.from(body)), { contentType: 'text/csv' });
      return finalized.at(-1) as FinalizedFile;
    },

    async drop(name: string, body: string | Buffer): Promise<FinalizedFile> {
      const file = world.put(name, body);
      await deliverDrop(file);
      return file;
    },

    async publish(command: unknown, messageId?: string): Promise<string> {
      messages += 1;
      const id = messageId ?? `message-${messages}`;
      const data = typeof command === 'string' ? Buffer.from(command) : Buffer.from(JSON.stringify(command));
      await deliverCommand(data, id);
      return id;
    },

    /** Ticks and continuations until nothing is open; fails after two simulated days. */
    async settle(): Promise<void> {
      for (let rounds = 0; rounds < 2 * 24 * 60; rounds += 1) {
        while (await deliverContinuations());
        if (invalid !== undefined) throw invalid;
        if ((await world.open()).length === 0) return;
        now += TICK_MS;
        await fire();
      }
      throw new Error(`still open: ${(await world.open()).map((record) => record.id).join(', ')}`);
    },

    async open(): Promise<RequestRecord[]> {
      return readRecords('requests/open/');
    },

    async closed(): Promise<RequestRecord[]> {
      return readRecords('requests/closed/');
    },

    events(type?: string): PublishedEvent[] {
      if (invalid !== undefined) throw invalid;
      const all = published.filter((one) => one.topic === config.eventsTopic).map(({ message }) => eventOf(message));
      return type === undefined ? all : all.filter((event) => event.type === type);
    },

    /** The text of a `gs://` file. */
    text(uri: string | undefined): string {
      const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(uri ?? '') ?? [];
      return Buffer.concat(storage.getObject({ bucket, name }).content.chunks).toString('utf8');
    },

    names(bucket: string, prefix = ''): string[] {
      return storage.listObjects(bucket, { prefix }).objects.map((object) => object.name);
    },
  };

  async function readRecords(prefix: string): Promise<RequestRecord[]> {
    const names = storage.listObjects(STATE, { prefix }).objects.map((object) => object.name);
    return names.map((name) => JSON.parse(world.text(`gs://${STATE}/${name}`)) as RequestRecord);
  }

  return world;
}

function eventOf({ data, attributes }: OutgoingMessage): PublishedEvent {
  return {
    id: attributes['ce-id'] ?? '',
    type: attributes['ce-type'] ?? '',
    data: JSON.parse(data.toString('utf8')) as PublishedEvent['data'],
  };
}

export type World = ReturnType<typeof createWorld>;
export { INTAKE, STATE };
