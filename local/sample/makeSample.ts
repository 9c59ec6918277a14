/** Makes the sample that `npm start` imports: a CSV and the images it names, the same ones every time. */
import { csvRow } from '../../shared/core/csv/writeCsv';
import { formatGsUri } from '../../shared/core/names';
import { createCanvas, type View } from './canvas';
import { type Colour, encodePng } from './png';
import { SAMPLE_PRODUCTS, type SampleProduct } from './products';
import { DRAW } from './shapes';

interface SampleView extends View {
  name: string;
  background: Colour;
  /** As the CSV gives it: none, pixels, or normalised. */
  boundingPoly: string;
}

const VIEWS: readonly SampleView[] = [
  { name: 'front', mirrored: false, zoom: 1, background: [244, 242, 236], boundingPoly: '' },
  {
    name: 'back',
    mirrored: true,
    zoom: 0.9,
    background: [220, 230, 240],
    boundingPoly: '32,32,608,32,608,608,32,608',
  },
  {
    name: 'near',
    mirrored: false,
    zoom: 1.4,
    background: [232, 224, 240],
    boundingPoly: '0.1,0.1,0.9,0.1,0.9,0.9,0.1,0.9',
  },
];

/** Every image of the sample as it is to lie in the bucket of images, below `sample/`; PNGs of 640 by 640 pixels in less than 3 KB. */
export function sampleImages(): { name: string; bytes: Buffer }[] {
  return SAMPLE_PRODUCTS.flatMap((product) =>
    viewsOf(product).map((view) => ({ name: imageName(product, view), bytes: drawn(product, view) })),
  );
}

/** The CSV: each image of each product, a line for each product set that the product is in. */
export function sampleCsv(imagesBucket: string): string {
  const lines = SAMPLE_PRODUCTS.flatMap((product) =>
    product.sets.flatMap((productSetId) =>
      viewsOf(product).map((view) => csvLine(imagesBucket, product, productSetId, view)),
    ),
  );
  return `${lines.join('\n')}\n`;
}

function csvLine(bucket: string, product: SampleProduct, productSetId: string, view: SampleView): string {
  return csvRow([
    formatGsUri({ bucket, name: imageName(product, view) }),
    view.name,
    productSetId,
    product.id,
    product.category,
    product.displayName,
    product.labels,
    view.boundingPoly,
  ]);
}

function viewsOf(product: SampleProduct): readonly SampleView[] {
  return VIEWS.slice(0, product.images);
}

function imageName(product: SampleProduct, view: SampleView): string {
  return `sample/${product.id}-${view.name}.png`;
}

function drawn(product: SampleProduct, view: SampleView): Buffer {
  const canvas = createCanvas(view);
  DRAW[product.shape](canvas);
  const [red, green, blue] = product.colour;
  const shade: Colour = [red >> 1, green >> 1, blue >> 1];
  const detail: Colour = [255 - ((255 - red) >> 1), 255 - ((255 - green) >> 1), 255 - ((255 - blue) >> 1)];
  return encodePng(canvas.pixels, [view.background, product.colour, shade, detail]);
}
