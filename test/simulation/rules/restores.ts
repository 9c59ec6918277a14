/**
 * Undo is exact: who says that a restore has succeeded is right, of each product, image, membership and name of a set;
 * and its counts say what it made, no more and no less.
 */
import type { Command } from '../../../shared/core/command';
import type { Counts, Outcome } from '../../../shared/core/request';
import { STATE } from '../services';
import { createCatalogue, lastSegment } from './catalogue';
import { changed, createChanges } from './changes';
import { changesCatalogue, type Rule } from './rule';
import { readSnapshot, type Snapshot, type SnapshotLine } from './snapshotFiles';

/** How one thing of a snapshot stands in the catalogue. */
type State = 'absent' | 'same' | 'other';

/** One thing that a snapshot holds. */
interface Thing {
  what: string;
  /** As what a restore counts it; memberships are not counted. */
  counted: 'productSets' | 'products' | 'referenceImages' | null;
  /** The product that other programs may have had their hands on. */
  product?: string;
  /** What others may have changed of it, as keys of changes. */
  keys: string[];
  state(): State;
}

interface Begun {
  at: number;
  things: Thing[];
  before: State[];
}

interface Ended {
  data: { request: string; outcome: Outcome; counts: Counts };
}

/** The order of labels means nothing. */
function fieldsText({ displayName, description, productCategory, productLabels }: Fields): string {
  const labels = productLabels.map(({ key, value }) => JSON.stringify([key, value])).sort();
  return JSON.stringify([displayName, description, productCategory, labels]);
}

type Fields = Omit<SnapshotLine['product'], 'name'>;

export const restores: Rule = (world, violated) => {
  const { now, asked, services, strangers } = world;
  const catalogue = createCatalogue(world);
  const changes = createChanges(now);
  const begun = new Map<string, Begun>();

  function thingsOf({ location, target, setNames, lines }: Snapshot): Thing[] {
    const named = [...lines.values()].flatMap((line) => line.productSets.map(lastSegment));
    const setIds = new Set(target === null ? named : [...named, target]);
    return [
      ...[...setIds].map((id) => setThing(location, id, setNames.get(id))),
      ...[...lines].flatMap(([id, line]) => productThings(location, id, line)),
    ];
  }

  function setThing(location: string, id: string, name: string | undefined): Thing {
    return {
      what: `product set ${id}`,
      counted: 'productSets',
      keys: [changed.productSet(location, id)],
      state() {
        const found = catalogue.setName(location, id);
        if (found === null) return 'absent';
        return name === undefined || found === name ? 'same' : 'other';
      },
    };
  }

  function productThings(location: string, id: string, line: SnapshotLine): Thing[] {
    const of = { product: `${location}/${id}` };
    const product = changed.product(location, id);
    return [
      {
        ...of,
        what: `product ${id}`,
        counted: 'products',
        keys: [product, changed.fields(location, id)],
        state() {
          const found = catalogue.product(location, id);
          if (found === null) return 'absent';
          return fieldsText(found) === fieldsText(line.product) ? 'same' : 'other';
        },
      },
      ...line.referenceImages.map(({ name, uri, boundingPolys }): Thing => {
        const imageId = lastSegment(name);
        return {
          ...of,
          what: `image ${imageId} of product ${id}`,
          counted: 'referenceImages',
          keys: [product, changed.image(location, id, imageId)],
          state() {
            const found = catalogue.images(location, id).get(imageId);
            if (found === undefined) return 'absent';
            const isSame = JSON.stringify([found.uri, found.boundingPolys]) === JSON.stringify([uri, boundingPolys]);
            return isSame ? 'same' : 'other';
          },
        };
      }),
      ...line.productSets.map(lastSegment).map((setId): Thing => {
        return {
          ...of,
          what: `product ${id} in product set ${setId}`,
          counted: null,
          keys: [product, changed.productSet(location, setId), changed.membership(location, setId, id)],
          state: () => (catalogue.productsIn(location, setId).has(id) ? 'same' : 'absent'),
        };
      }),
    ];
  }

  function commandOf(requestId: string): Extract<Command, { command: 'restoreSnapshot' }> | null {
    const command = asked.commandOf(requestId);
    return command?.command === 'restoreSnapshot' ? command : null;
  }

  /** As it stands before its first call, which is a reading one. */
  function begin(requestId: string, { snapshot: uri }: { snapshot: string }): void {
    const snapshot = readSnapshot(services, uri);
    const things = snapshot === null ? [] : thingsOf(snapshot);
    begun.set(requestId, { at: now(), things, before: things.map((thing) => thing.state()) });
  }

  /** Whether nobody else has made it or taken it away since the request began, so that what it is now is of its making. */
  function isOwn({ product, keys }: Thing, since: { since: number; but: string }): boolean {
    if (product !== undefined && (strangers.get(product) ?? 0) >= since.since) return false;
    return !changes.isUndone(keys, since) && !changes.isMade(keys, since);
  }

  /** Nobody else has taken it away or changed it; what others make as well is there all the same. */
  function isLeft({ product, keys }: Thing, since: { since: number; but: string }): boolean {
    return (product === undefined || (strangers.get(product) ?? 0) < since.since) && !changes.isUndone(keys, since);
  }

  function checkExact(requestId: string, { outcome, counts }: Ended['data'], { at, things }: Begun): void {
    const since = { since: at, but: requestId };
    const missing = things.filter((thing) => isLeft(thing, since) && thing.state() !== 'same');
    const [first] = missing;
    if (outcome === 'succeeded' && first !== undefined)
      violated(`${requestId} has succeeded, and ${first.what} is ${first.state()}`);
    // What stands in the way is counted; who is in which set is not, where the product is another one.
    const untold = missing.filter(({ counted }) => counted !== null).length - (counts.failed ?? 0);
    if (outcome === 'partial' && untold > 0)
      violated(`${requestId} counts ${counts.failed} that failed, but ${missing.length} are not there: ${first?.what}`);
  }

  function checkCounts(requestId: string, { outcome, counts }: Ended['data'], { at, things, before }: Begun): void {
    const isOwnNow = things.map((thing) => isOwn(thing, { since: at, but: requestId }));
    const own = things.map((thing, index) => ({ ...thing, before: before[index], isOwn: isOwnNow[index] === true }));
    const check = (name: string, of: typeof own, isCounted: (thing: (typeof own)[number]) => boolean) => {
      const sure = of.filter((thing) => thing.isOwn && isCounted(thing)).length;
      const most = sure + of.filter((thing) => !thing.isOwn).length;
      const told = counts[name] ?? 0;
      // Who is stopped or gives up may have lost what it knew; of who is refused the last time, too, one may be there.
      const least = outcome === 'succeeded' ? sure : 0;
      const range = sure === most ? sure : `${sure} to ${most}`;
      if (told < least || told > most) violated(`${requestId} counts ${told} ${name}, not ${range}`);
    };
    for (const name of ['productSets', 'products', 'referenceImages'] as const) {
      const ofKind = own.filter(({ counted }) => counted === name);
      check(name, ofKind, (thing) => thing.before !== 'same' && thing.state() === 'same');
    }
    const there = own.filter(({ counted }) => counted === 'products' || counted === 'referenceImages');
    check('alreadyPresent', there, (thing) => thing.before === 'same');
  }

  return {
    afterCall: changes.afterCall,
    productDeleted: changes.productDeleted,
    operationStarted: changes.operationStarted,
    operationEnded: changes.operationEnded,
    beforeCall(call) {
      const { requestId = '' } = call.invocation;
      if (call.port !== 'productSearch' || begun.has(requestId)) return;
      const command = commandOf(requestId);
      if (command !== null) begin(requestId, command);
      if (command !== null && changesCatalogue(call))
        violated(`${requestId} restores and has not looked what is there`);
    },
    objectWritten({ bucket, name }) {
      const [, requestId = ''] = /^events\/.*\/(.*)\.completed\.json$/.exec(name) ?? [];
      const command = commandOf(requestId);
      if (bucket !== STATE || command === null || command.dryRun) return;
      const { data } = JSON.parse(services.text(STATE, name)) as Ended;
      if (data.outcome === 'succeeded' && !begun.has(requestId)) begin(requestId, command);
      const known = begun.get(requestId);
      if (known === undefined) return;
      checkExact(requestId, data, known);
      checkCounts(requestId, data, known);
    },
  };
};
