/** The few names that everybody uses, so that requests meet. */

export const PRODUCTS = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'] as const;
export const SETS = ['shoes', 'bags', 'hats', 'gold'] as const;
/** Never purged, and none of its products is. */
export const PROTECTED_SET = 'gold';
/** Of image files and of reference images, and the public ids that they have at Cloudinary. */
export const FILES = ['1', '2', '3', '4', '5'] as const;
/** Image files that no product has at first: what a sweep is for. */
export const LEFTOVERS = ['6', '7', '8'] as const;
/** One of them by its old name. */
export const LOCATION_NAMES = ['us-west1', 'europe-west1', 'eu-west1'] as const;
export const DROP_NAMES = ['a.csv', 'b.csv', 'c.csv', 'urgent/d.csv', 'europe-west1/e.csv', 'x.csv.gz'] as const;
/** A list of product ids, a line each. */
export const LIST_NAME = 'lists/ids.txt';
export const LIST_URI = `gs://product-search-intake/${LIST_NAME}`;
export const LISTED = ['p1', 'p3', 'p5'] as const;
/** Originals at Cloudinary that belong to no image file. */
export const BANNERS = ['banner/a', 'banner/b'] as const;
export const TRANSFORMATIONS = ['w_100', 'w_200'] as const;
export const TAG = 'old';
