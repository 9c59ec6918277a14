/** One line of a dropped CSV, all eight columns in order. */
export interface ImageFields {
  uri: string;
  imageId?: string;
  productSetId?: string;
  productId: string;
  category?: string;
  displayName?: string;
  labels?: string;
  polygon?: string;
}

export function imageLine(fields: ImageFields): string {
  const { uri, imageId = 'i1', productSetId = 'boots', productId, category = 'apparel-v2' } = fields;
  const { displayName = '', labels = '', polygon = '' } = fields;
  return `${uri},${imageId},${productSetId},${productId},${category},${displayName},${labels},${polygon}\n`;
}
