/** What other programs do to the catalogue and to image files, without asking for any claim of ours. */
import { StatusError } from '../../../local/statusError';
import type { Random } from '../random';
import { IMAGES, LOCATIONS, PROJECT, type Services } from '../services';
import { BANNERS, FILES, LEFTOVERS, PRODUCTS, SETS, TRANSFORMATIONS } from './names';

export interface Stranger {
  services: Services;
  random: Random;
  /** Notes what was changed: a product by `location/product`, an image file or its original by `image/name`. */
  touched(key: string): void;
  note(what: string): void;
}

interface Member {
  location: string;
  productSetId: string;
  productId: string;
}

interface Act {
  /** What it changes, as `touched` takes it. */
  key: string;
  what: string;
  act(): unknown;
}

/** One change. What the service refuses is not done. */
export function meddle(stranger: Stranger): void {
  const { services, random } = stranger;
  const member = {
    location: random.pick(LOCATIONS),
    productId: random.pick(PRODUCTS),
    productSetId: random.pick(SETS),
  };
  const file = random.pick([...FILES, ...LEFTOVERS] as const);
  const original = random.pick([...BANNERS, ...FILES]);
  const transformation = random.pick(TRANSFORMATIONS);
  const change = random.pick<Act>([
    puttingIn(services, member),
    takingOut(services, member),
    creating(stranger, member),
    {
      key: `image/${file}`,
      what: `replaces ${file}.png`,
      act: () => services.put(IMAGES, `${file}.png`, `again ${random.nonce()}`, 'image/png'),
    },
    {
      key: `image/${original}`,
      what: `asks Cloudinary for ${transformation} of ${original}`,
      act: () => deriveOf(services, original, transformation),
    },
  ]);
  carryOut(stranger, change);
}

/** Puts some products, new ones and old ones, into that set, which somebody is about to purge or has just purged. */
export function meddleWithSet(stranger: Stranger, set: { location: string; productSetId: string }): void {
  for (const productId of stranger.random.some(PRODUCTS, 0.3)) {
    carryOut(stranger, creating(stranger, { ...set, productId }));
    carryOut(stranger, puttingIn(stranger.services, { ...set, productId }));
  }
}

/** Makes some products that are in no set, or takes them out of theirs, while somebody purges those. */
export function meddleWithOrphans(stranger: Stranger, location: string): void {
  const { services, random } = stranger;
  for (const productId of random.some(PRODUCTS, 0.3)) {
    carryOut(stranger, creating(stranger, { location, productId }));
    for (const productSetId of SETS)
      if (isMember(services, { location, productSetId, productId }))
        carryOut(stranger, takingOut(services, { location, productSetId, productId }));
  }
}

function isMember({ productSearch }: Services, { location, productSetId, productId }: Member): boolean {
  const parent = `projects/${PROJECT}/locations/${location}`;
  const name = `${parent}/productSets/${productSetId}`;
  const { items } = productSearch.listProductsInProductSet({ name, pageSize: 100 });
  return items.some((product) => product.name === `${parent}/products/${productId}`);
}

function puttingIn({ productSearch }: Services, { location, productSetId, productId }: Member): Act {
  const parent = `projects/${PROJECT}/locations/${location}`;
  const name = `${parent}/productSets/${productSetId}`;
  return {
    key: `${location}/${productId}`,
    what: `puts ${productId} into ${name}`,
    act: () => productSearch.addProductToProductSet({ name, product: `${parent}/products/${productId}` }),
  };
}

function takingOut({ productSearch }: Services, { location, productSetId, productId }: Member): Act {
  const parent = `projects/${PROJECT}/locations/${location}`;
  const name = `${parent}/productSets/${productSetId}`;
  return {
    key: `${location}/${productId}`,
    what: `takes ${productId} out of ${name}`,
    act: () => productSearch.removeProductFromProductSet({ name, product: `${parent}/products/${productId}` }),
  };
}

/** Of a category that a restore cannot change, now and then. */
function creating(
  { services: { productSearch }, random }: Stranger,
  { location, productId }: Pick<Member, 'location' | 'productId'>,
): Act {
  const parent = `projects/${PROJECT}/locations/${location}`;
  const product = { displayName: 'theirs', productCategory: random.chance(0.8) ? 'apparel-v2' : 'toys-v2' };
  return {
    key: `${location}/${productId}`,
    what: `creates ${location}/${productId}`,
    act: () => productSearch.createProduct({ parent, productId, product }),
  };
}

function carryOut({ touched, note }: Stranger, { key, what, act }: Act): void {
  try {
    act();
    touched(key);
    note(what);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

/** An original of that name, anew where there was none, with what is derived of it. */
export function deriveOf({ cloudinary }: Services, publicId: string, ...eager: string[]): void {
  cloudinary.explicit({ resourceType: 'image', type: 'upload', publicId, eager });
}
