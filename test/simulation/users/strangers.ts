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

/** One change. What the service refuses is not done. */
export function meddle({ services, random, touched, note }: Stranger): void {
  const { productSearch } = services;
  const location = random.pick(LOCATIONS);
  const product = random.pick(PRODUCTS);
  const parent = `projects/${PROJECT}/locations/${location}`;
  const name = `${parent}/productSets/${random.pick(SETS)}`;
  const productName = `${parent}/products/${product}`;
  const file = random.pick(FILES);
  const original = random.pick([...BANNERS, ...FILES]);
  const transformation = random.pick(TRANSFORMATIONS);
  const acts: [string, () => unknown][] = [
    [`puts ${product} into ${name}`, () => productSearch.addProductToProductSet({ name, product: productName })],
    [
      `takes ${product} out of ${name}`,
      () => productSearch.removeProductFromProductSet({ name, product: productName }),
    ],
    [
      `creates ${product}`,
      () =>
        productSearch.createProduct({
          parent,
          productId: product,
          product: { displayName: 'theirs', productCategory: 'apparel-v2' },
        }),
    ],
    [`replaces ${file}.png`, () => services.put(IMAGES, `${file}.png`, `again ${random.nonce()}`, 'image/png')],
    [`asks Cloudinary for ${transformation} of ${original}`, () => deriveOf(services, original, transformation)],
  ];
  const [what, act] = random.pick(acts as [(typeof acts)[number], ...typeof acts]);
  try {
    act();
    for (const key of [`${location}/${product}`, `image/${file}`, `image/${original}`]) touched(key);
    note(`${what} in ${location}`);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

/** An original of that name, anew where there was none, with what is derived of it. */
export function deriveOf({ cloudinary }: Services, publicId: string, ...eager: string[]): void {
  cloudinary.explicit({ resourceType: 'image', type: 'upload', publicId, eager });
}
