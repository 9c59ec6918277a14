/** What other programs do to the catalogue and to image files, without asking for any claim of ours. */
import { StatusError } from '../../../local/statusError';
import type { Random } from '../random';
import { IMAGES, LOCATIONS, PROJECT, type Services } from '../services';
import { BANNERS, FILES, PRODUCTS, SETS, TRANSFORMATIONS } from './names';

export interface Stranger {
  services: Services;
  random: Random;
  /** Notes what was changed: a product by `location/product`, an image file or its original by `image/name`. */
  touched(key: string): void;
  note(what: string): void;
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
  const { productSearch } = services;
  const location = random.pick(LOCATIONS);
  const productId = random.pick(PRODUCTS);
  const parent = `projects/${PROJECT}/locations/${location}`;
  const productSetId = random.pick(SETS);
  const name = `${parent}/productSets/${productSetId}`;
  const key = `${location}/${productId}`;
  const file = random.pick(FILES);
  const original = random.pick([...BANNERS, ...FILES]);
  const transformation = random.pick(TRANSFORMATIONS);
  const change = random.pick<Act>([
    puttingIn(services, { location, productSetId, productId }),
    {
      key,
      what: `takes ${productId} out of ${name}`,
      act: () => productSearch.removeProductFromProductSet({ name, product: `${parent}/products/${productId}` }),
    },
    {
      key,
      what: `creates ${key}`,
      act: () =>
        productSearch.createProduct({
          parent,
          productId,
          product: { displayName: 'theirs', productCategory: 'apparel-v2' },
        }),
    },
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

/** Puts some product into that set, which somebody is about to purge or has just purged. */
export function meddleWithSet(stranger: Stranger, set: { location: string; productSetId: string }): void {
  carryOut(stranger, puttingIn(stranger.services, { ...set, productId: stranger.random.pick(PRODUCTS) }));
}

function puttingIn(
  { productSearch }: Services,
  { location, productSetId, productId }: { location: string; productSetId: string; productId: string },
): Act {
  const parent = `projects/${PROJECT}/locations/${location}`;
  const name = `${parent}/productSets/${productSetId}`;
  return {
    key: `${location}/${productId}`,
    what: `puts ${productId} into ${name}`,
    act: () => productSearch.addProductToProductSet({ name, product: `${parent}/products/${productId}` }),
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
