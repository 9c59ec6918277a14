/** The scripted user's hands: whatever it drops or publishes gets a label, and what became of it is found by that label. */

import { postFinalized } from '../system/deliveries';
import { imageLine } from '../system/imageLine';
import { IMAGES, INTAKE, type LocalSystem } from '../system/localSystem';

/** Longer than any request takes whose invocations are killed again and again. */
const ANSWER_LIMIT_MS = 15 * 60_000;

/** What a story asked for: a request, or a message that is no command. */
export interface Asked {
  requestId?: string;
  messageId?: string;
  /** How it ends depends on which of two came first; that it ends, and once, does not. */
  race: boolean;
}

export interface Answer {
  outcome: string;
  planId?: string;
  files: Record<string, string>;
}

export interface CommandOptions {
  /** Published so often, as by a publisher that never gets its answer. Default 1. */
  times?: number;
  race?: boolean;
}

export interface DropOptions {
  /** Name of the file in its location's folder; default: the label. */
  name?: string;
  race?: boolean;
  /** Its finalize event is delivered so often more. Default 0. */
  eventsMore?: number;
}

export type Asks = Map<string, Asked>;

/** The hands of one story: every name begins with `id`, everything happens in `location`. */
export function createUser(system: LocalSystem, asks: Asks, { id, location }: { id: string; location: string }) {
  function ask(label: string, asked: Asked): void {
    const name = `${id}.${label}`;
    if (asks.has(name)) throw new Error(`two requests are called ${name}`);
    asks.set(name, asked);
  }

  async function answerTo({ requestId, messageId }: Asked): Promise<Answer> {
    const event = await system.events.next(
      ({ type, data }) =>
        (requestId !== undefined && data.requestId === requestId && type.endsWith('.completed.v1')) ||
        (messageId !== undefined && data.messageId === messageId),
      ANSWER_LIMIT_MS,
    );
    const { outcome = 'message rejected', planId, files = {} } = event.data;
    return { outcome, planId, files };
  }

  async function put(label: string, body: string | Buffer, options: DropOptions): Promise<() => Promise<Answer>> {
    const name = `${location}/${options.name ?? `${id}-${label}.csv`}`;
    const asked = { requestId: await system.drop(name, body), race: options.race ?? false };
    ask(label, asked);
    await deliverAgain(system, name, options.eventsMore ?? 0);
    return () => answerTo(asked);
  }

  async function publish(
    label: string,
    fields: Record<string, unknown>,
    options: CommandOptions = {},
  ): Promise<() => Promise<Answer>> {
    const requestId = `${id}-${label}`;
    const command = { location, requestId, ...fields };
    const messageIds = await Promise.all(Array.from({ length: options.times ?? 1 }, () => system.publish(command)));
    const asked = { requestId: `cmd-${requestId}`, messageId: messageIds[0], race: options.race ?? false };
    ask(label, asked);
    return () => answerTo(asked);
  }

  return {
    id,

    /** Puts an image file of this story into the images bucket and gives its URI. */
    async image(name: string): Promise<string> {
      const file = `${id}/${name}.png`;
      await system.storage.bucket(IMAGES).file(file).save(Buffer.from(file), { resumable: false });
      return `gs://${IMAGES}/${file}`;
    },

    /** A CSV line; sets and products are named within the story. */
    line: (uri: string, fields: { set?: string; product: string; image?: string; labels?: string }): string =>
      imageLine({
        uri,
        imageId: fields.image ?? '',
        productSetId: `${id}-${fields.set ?? 'set'}`,
        productId: `${id}-${fields.product}`,
        displayName: `Product ${fields.product}`,
        labels: fields.labels ?? '',
      }),

    /** Drops a file; once it lies there, gives a function that waits for the answer. */
    put,

    /** Drops a file and gives the answer. */
    async drop(label: string, body: string | Buffer, options: DropOptions = {}): Promise<Answer> {
      const answer = await put(label, body, options);
      return answer();
    },

    /** Puts an object into intake that is no CSV, and gives its URI. */
    async leave(name: string, text: string): Promise<string> {
      await system.storage.bucket(INTAKE).file(`${id}/${name}`).save(text, { resumable: false });
      return `gs://${INTAKE}/${id}/${name}`;
    },

    /** Publishes a command; gives a function that waits for the answer. */
    publish,

    /** Publishes a command, and gives the outcome of the request, or of the message where it was refused. */
    async command(label: string, fields: Record<string, unknown>, options: CommandOptions = {}): Promise<Answer> {
      const answer = await publish(label, fields, options);
      return answer();
    },

    /** Resolves when the command has said that it waits. */
    async waits(label: string): Promise<void> {
      const { requestId } = asks.get(`${id}.${label}`) ?? {};
      const said = 'product-search.request.waiting.v1';
      await system.events.next(({ type, data }) => type === said && data.requestId === requestId, ANSWER_LIMIT_MS);
    },

    /** Publishes something that is no command, as it is. */
    async say(label: string, data: unknown): Promise<Answer> {
      const asked = { messageId: await system.publish(data), race: false };
      ask(label, asked);
      return answerTo(asked);
    },
  };
}

export type User = ReturnType<typeof createUser>;

/** Delivers the finalize event of an object again, all at once; a function that is dead at that moment gets none. */
async function deliverAgain(system: LocalSystem, name: string, times: number): Promise<void> {
  const url = system.functions().importProductSets?.url;
  if (times === 0 || url === undefined) return;
  const found = await system.storage
    .bucket(INTAKE)
    .file(name)
    .getMetadata()
    .catch(() => null);
  if (found === null) return;
  await Promise.allSettled(Array.from({ length: times }, () => postFinalized(url, found[0])));
}
