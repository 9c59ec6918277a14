/** The images, products and product sets of one file, as numbers: what the register asks before it says a word. Pure. */

import { BLANK } from './fingerprints';
import { createFingerprintTable } from './fingerprintTable';
import { createImageDigest, type ImageDigest } from './imageDigest';
import { createSetMembers, LINE } from './setMembers';

/** Lines are numbers from 1; 0 is no line. */
export interface ImageTables {
  /** Looks a line up beside the earlier ones. The answer is the same object every time, about the latest line. */
  look(digest: ImageDigest): Found;
  /** Takes in the line that was looked up last. It must not be in the tables: `sameLine` is 0. */
  add(digest: ImageDigest, line: number): void;
  /** The images that the nth product set has by now. */
  imagesOf(set: number): number;
  size(): { products: number; sets: number; images: number };
  /** Makes room, at once, for so many times the images and products that there are. */
  reserve(times: number): void;
}

export interface Found {
  /** The number of the product set, from 0; -1 where it is new. */
  set: number;
  /** Images of the product set with this one. */
  setImages: number;
  /** The line that gives the same image id of the same product, and whether it stands for the same image. */
  imageLine: number;
  isSamePlace: boolean;
  /** The line that puts the same image into the same product set. */
  sameLine: number;
  /** The line that defines the product, and which columns it has otherwise. */
  productLine: number;
  otherCategory: boolean;
  otherName: boolean;
  otherLabels: boolean;
  /** Product sets of the product with this one; 0 where the product is in it already. */
  productSets: number;
}

/** What the entries hold beyond what `createSetMembers` needs of them. */
const PLACE = 2;
const CATEGORY = 2;
const NAME = 3;
const LABELS = 4;
const SETS = 5;
const IMAGES = 0;

export function createImageTables(): ImageTables {
  const images = createFingerprintTable(3);
  const products = createFingerprintTable(6);
  const sets = createFingerprintTable(1);
  const imageMembers = createSetMembers(images);
  const productMembers = createSetMembers(products);
  const found = createFound();
  const latest = createImageDigest();
  let image = -1;
  let product = -1;

  /** The images of a product mostly stand together: what was found for the line before holds for this one, too. */
  function isRepeated(digest: ImageDigest): boolean {
    return (
      product >= 0 &&
      found.productSets === 0 &&
      digest.productLow === latest.productLow &&
      digest.productHigh === latest.productHigh &&
      digest.setLow === latest.setLow &&
      digest.setHigh === latest.setHigh &&
      digest.category === latest.category &&
      digest.name === latest.name &&
      digest.labels === latest.labels
    );
  }

  function lookAtImage(digest: ImageDigest): void {
    image = images.find(digest.imageLow, digest.imageHigh);
    found.imageLine = image < 0 ? 0 : images.value(image, LINE);
    found.isSamePlace = image >= 0 && images.value(image, PLACE) === digest.place;
    found.sameLine = image < 0 || found.set < 0 ? 0 : imageMembers.lineOf(image, found.set);
  }

  function lookAtProduct(digest: ImageDigest): void {
    product = products.find(digest.productLow, digest.productHigh);
    const isKnown = product >= 0;
    found.productLine = isKnown ? products.value(product, LINE) : 0;
    found.otherCategory = isKnown && products.value(product, CATEGORY) !== digest.category;
    // Left blank, a column gives nothing else.
    found.otherName = isKnown && digest.name !== BLANK && products.value(product, NAME) !== digest.name;
    found.otherLabels = isKnown && digest.labels !== BLANK && products.value(product, LABELS) !== digest.labels;
    const isMember = isKnown && found.set >= 0 && productMembers.lineOf(product, found.set) !== 0;
    found.productSets = isMember ? 0 : isKnown ? products.value(product, SETS) + 1 : 1;
    latest.setLow = digest.setLow;
    latest.setHigh = digest.setHigh;
    latest.productLow = digest.productLow;
    latest.productHigh = digest.productHigh;
    latest.category = digest.category;
    latest.name = digest.name;
    latest.labels = digest.labels;
  }

  function addImage(digest: ImageDigest, line: number): void {
    image = images.add(digest.imageLow, digest.imageHigh);
    images.set(image, LINE, line);
    images.set(image, PLACE, digest.place);
  }

  function addProduct(digest: ImageDigest, line: number): void {
    product = products.add(digest.productLow, digest.productHigh);
    products.set(product, LINE, line);
    products.set(product, CATEGORY, digest.category);
    products.set(product, NAME, digest.name);
    products.set(product, LABELS, digest.labels);
  }

  return {
    look(digest) {
      const isKnown = isRepeated(digest);
      if (!isKnown) found.set = sets.find(digest.setLow, digest.setHigh);
      found.setImages = found.set < 0 ? 1 : sets.value(found.set, IMAGES) + 1;
      lookAtImage(digest);
      if (!isKnown) lookAtProduct(digest);
      return found;
    },
    add(digest, line) {
      if (found.set < 0) found.set = sets.add(digest.setLow, digest.setHigh);
      if (image < 0) addImage(digest, line);
      if (product < 0) addProduct(digest, line);
      imageMembers.add(image, found.set, line);
      sets.set(found.set, IMAGES, found.setImages);
      if (found.productSets === 0) return;
      productMembers.add(product, found.set, line);
      products.set(product, SETS, found.productSets);
    },
    imagesOf: (set) => sets.value(set, IMAGES),
    size: () => ({ products: products.size(), sets: sets.size(), images: images.size() }),
    reserve(times) {
      images.reserve(images.size() * times);
      products.reserve(products.size() * times);
    },
  };
}

function createFound(): Found {
  return {
    set: -1,
    setImages: 0,
    imageLine: 0,
    isSamePlace: false,
    sameLine: 0,
    productLine: 0,
    otherCategory: false,
    otherName: false,
    otherLabels: false,
    productSets: 0,
  };
}
