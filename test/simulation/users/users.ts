/** The users: what the catalogue holds at first, and when they drop files and publish commands. */
import type { StartedOperation } from '../../../local/productSearch/observer';
import type { FinalizedFile } from '../../../shared/engine/intake';
import type { Asked } from '../asked';
import type { Platform } from '../platform';
import type { Random } from '../random';
import type { PublishedEvent } from '../rules/rule';
import { FOREIGN_IMAGES, IMAGES, INTAKE, PROJECT, type Services } from '../services';
import { SCARCE, type Settings } from '../settings';
import type { Timeline } from '../timeline';
import type { SeenOperation, Witness } from '../witness';
import { makeCommand } from './commands';
import { type DroppedContent, fileNaming, makeDuplicate, makeFile, makeHugeFile } from './files';
import {
  BANNERS,
  DROP_NAMES,
  FILES,
  LEFTOVERS,
  LIST_NAME,
  LISTED,
  PRODUCTS,
  SETS,
  TAG,
  TRANSFORMATIONS,
} from './names';
import { createReactions } from './reactions';
import { meddle, meddleWithOrphans, meddleWithSet, type Stranger } from './strangers';

export interface UsersWorld {
  timeline: Timeline;
  random: Random;
  services: Services;
  asked: Asked;
  platform: Platform;
  witness: Witness;
  settings: Settings;
  strangers: Map<string, number>;
  published: readonly PublishedEvent[];
  isCalm(): boolean;
  note(who: string, what: () => string): void;
}

/** A purge that does not have to wait has begun by then. */
const FILL_MS = 20 * 60_000;
/** Until then somebody drops once more what seems to have done nothing; mostly it is under way. */
const AGAIN_MS = 2 * 3_600_000;

export function createUsers(world: UsersWorld) {
  const { timeline, random, services, asked, platform, witness, settings, strangers, published, note } = world;
  const { config, activityMs } = settings;
  let messages = 0;
  const told = (find: (data: Record<string, unknown>) => unknown) => () => [
    ...new Set(published.map(({ data }) => find(data)).filter((value) => typeof value === 'string')),
  ];
  const known = {
    requestIds: asked.requestIds,
    planIds: told(({ planId, outcome }) => outcome === 'dryRun' && planId),
    snapshots: told(({ files }) => (files as { snapshot?: string } | undefined)?.snapshot),
  };

  function furnishLocation(location: string): void {
    const { productSearch } = services;
    const parent = `projects/${PROJECT}/locations/${location}`;
    for (const id of random.some(SETS, 0.8)) {
      productSearch.createProductSet({ parent, productSetId: id, productSet: { displayName: `the ${id}` } });
    }
    const sets = productSearch.listProductSets({ parent }).items.map(({ name }) => name);
    for (const productId of random.some(PRODUCTS, 0.6)) {
      const product = { displayName: productId, productCategory: 'apparel-v2' };
      const { name } = productSearch.createProduct({ parent, productId, product });
      for (const set of random.some(sets, 0.35)) productSearch.addProductToProductSet({ name: set, product: name });
      for (const file of random.some(FILES, 0.4)) {
        const uri = `gs://${random.chance(0.1) ? FOREIGN_IMAGES : IMAGES}/${file}.png`;
        productSearch.createReferenceImage({ parent: name, referenceImageId: file, referenceImage: { uri } });
      }
    }
  }

  function furnishCloudinary(): void {
    for (const publicId of random.some([...FILES, ...LEFTOVERS, ...BANNERS], 0.8)) {
      const tags = random.chance(0.3) ? [TAG] : [];
      const eager = random.some(TRANSFORMATIONS, 0.7);
      services.cloudinary.upload({ resourceType: 'image', type: 'upload', publicId, tags, eager });
    }
  }

  function put(content: DroppedContent): void {
    services.put(INTAKE, content.name, content.body, 'text/csv');
    if (!random.chance(0.12)) return;
    timeline.after(random.spread(100, AGAIN_MS), () => {
      if (!world.isCalm()) put(makeDuplicate(random, content));
    });
  }

  const drop = () => put(makeFile(random));

  function dropGone(): void {
    const gone = [...FILES, ...LEFTOVERS].filter((file) => services.text(IMAGES, `${file}.png`) === '');
    if (gone.length > 0) services.put(INTAKE, DROP_NAMES[0], fileNaming(gone), 'text/csv');
  }

  function publish(text: string): void {
    messages += 1;
    const messageId = `command-${messages}`;
    const data = Buffer.from(text);
    note('user', () => `publishes ${messageId}: ${data}`);
    const one = asked.addCommand(messageId, data, config.maxProductsCeiling);
    const { requestId = '', command } = one;
    if (command !== undefined) reactions.published(command, one.requestId);
    fillLater(() => setPurgedBy(requestId));
    platform.commandPublished({ topic: config.commandsTopic, data, messageId, requestId }, () => {
      one.acknowledged = true;
    });
  }

  /** Where imports are scarce, files come in crowds, so that they go together. */
  function dropSome(): void {
    drop();
    const more = config.importsPerDay <= SCARCE && random.chance(0.4) ? random.int(1, 3) : 0;
    for (let n = 0; n < more; n += 1) timeline.after(random.int(0, 60_000), drop);
  }

  function act(): void {
    if (random.chance(0.5)) dropSome();
    else publish(makeCommand({ random, known, now: timeline.now }));
  }

  const reactions = createReactions({
    timeline,
    random,
    eagerness: settings.eagerness,
    operationMs: settings.operationMs,
    isCalm: world.isCalm,
    commandOf: asked.commandOf,
    publish: (command) => publish(JSON.stringify(command)),
    drop,
    dropGone,
    refill: (location, productSetId) => {
      if (settings.strangers === 0) return;
      witness.byStranger(() => {
        if (productSetId === undefined) meddleWithOrphans(stranger, location);
        else meddleWithSet(stranger, { location, productSetId });
      });
    },
  });

  const stranger: Stranger = {
    services,
    random,
    touched: (key) => strangers.set(key, timeline.now()),
    note: (what) => note('stranger', () => what),
  };
  const interfere = () => witness.byStranger(() => meddle(stranger));

  function setPurgedBy(requestId: string): { location: string; productSetId: string } | null {
    const command = asked.commandOf(requestId);
    const location = asked.open(requestId)?.location;
    if (location === undefined || command?.command !== 'purgeProductsInProductSet') return null;
    return { location, productSetId: command.productSetId };
  }

  /** Where other programs are about, they like to fill the set that somebody purges. */
  function fillLater(setOf: () => { location: string; productSetId: string } | null, withinMs = FILL_MS): void {
    if (settings.strangers === 0 || !random.chance(0.8)) return;
    timeline.after(random.spread(1_000, withinMs), () => {
      const set = world.isCalm() ? null : setOf();
      if (set !== null) witness.byStranger(() => meddleWithSet(stranger, set));
    });
  }

  return {
    /** Image files, and something to delete. */
    furnish(): void {
      for (const file of [...FILES, ...LEFTOVERS]) {
        for (const bucket of [IMAGES, FOREIGN_IMAGES])
          services.put(bucket, `${file}.png`, `image ${file}`, 'image/png');
      }
      services.put(INTAKE, LIST_NAME, LISTED.join('\n'), 'text/plain');
      furnishCloudinary();
      furnishLocation('us-west1');
      if (random.chance(0.5)) furnishLocation('europe-west1');
    },

    /** Some at once, the rest when they like. */
    plan(): void {
      const togetherAt = random.int(0, activityMs / 2);
      if (settings.dropsHuge)
        timeline.after(random.int(0, activityMs / 2), () => put(makeHugeFile(config.onInvalidLines)));
      for (let n = 0; n < settings.actions; n += 1) {
        timeline.after(random.chance(0.4) ? togetherAt + random.int(0, 30_000) : random.int(0, activityMs), act);
      }
      for (let n = 0; n < settings.strangers; n += 1) {
        timeline.after(random.chance(0.5) ? togetherAt + random.int(0, 900_000) : random.int(0, activityMs), interfere);
      }
    },

    /** Where other programs are about, they like to come while an operation runs. */
    operationStarted(operation: StartedOperation): void {
      if (settings.strangers > 0 && random.chance(0.3)) timeline.after(random.int(0, settings.operationMs), interfere);
      reactions.operationStarted(operation);
    },

    operationEnded({ kind, location, productSetIds: [productSetId] }: SeenOperation): void {
      if (kind !== 'purge' || productSetId === undefined) return;
      fillLater(() => ({ location, productSetId }), settings.tickMs);
    },

    /** What it purges is known by then. */
    snapshotWritten: (requestId: string) => fillLater(() => setPurgedBy(requestId)),

    /** Its request goes on later, and has to look again at what it has seen. */
    heldUp(requestId: string): void {
      if (world.isCalm()) return;
      const { command } = asked.commandOf(requestId) ?? {};
      if (command === 'sweepImageFiles') reactions.sweepHeldUp();
      if (settings.strangers === 0) return;
      const set = setPurgedBy(requestId);
      const { location } = asked.open(requestId) ?? {};
      if (set !== null) witness.byStranger(() => meddleWithSet(stranger, set));
      else if (command === 'purgeOrphanProducts' && location !== undefined)
        witness.byStranger(() => meddleWithOrphans(stranger, location));
    },

    told: reactions.told,

    /** An object lies in intake now. */
    fileFinalized(object: { bucket: string; name: string; generation: string; content: { size: number } }): void {
      const { bucket, name, generation, content } = object;
      const file: FinalizedFile = { bucket, name, generation, size: content.size };
      const { requestId, body } = asked.addFile(file, services.bytes(bucket, name) ?? Buffer.alloc(0));
      note('user', () => `drops ${name}#${generation}, ${body.length} bytes (${requestId})`);
      platform.fileFinalized(file, requestId);
    },
  };
}
