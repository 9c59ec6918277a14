/** The bounding-poly column: `x1,y1,…,xn,yn`, pixels or normalised (ImportProductSetsGcsSource in the API's protos). Pure. */
import { shownValue } from '../problem';

/** Two corners make a rectangle, which is what the service turns every polygon into; no minimum is documented. */
const LEAST_NUMBERS = 4;
/** `Vertex.x` and `.y` are int32. */
const LARGEST_PIXEL = 2 ** 31 - 1;
const DECIMAL = /^(\d*)(?:\.(\d*))?$/;

export type ReadColumn = { value: string } | { fault: string };

/**
 * The polygon in its one normalised form, or what is wrong with it. Numbers without a point are pixels and stay so,
 * because `1` and `1.0` are different places; normalised ones get a point, and no zeros that say nothing.
 */
export function readBoundingPoly(text: string): ReadColumn {
  if (text.trim() === '') return { value: '' };
  const numbers = text.split(',').map((number) => number.trim());
  const wrong = numbers.find((number) => !/\d/.test(number) || !DECIMAL.test(number));
  if (wrong !== undefined)
    return { fault: `holds ${shownValue(wrong)}, which is no number; give digits, and a point in normalised ones` };
  if (numbers.length % 2 !== 0 || numbers.length < LEAST_NUMBERS) {
    const least = `an even count of at least ${LEAST_NUMBERS}, x and y of each corner, as one quoted field`;
    return { fault: `holds ${numbers.length === 1 ? '1 number' : `${numbers.length} numbers`}; give ${least}` };
  }
  return numbers.some((number) => number.includes('.')) ? readNormalised(numbers) : readPixels(numbers);
}

function readPixels(numbers: readonly string[]): ReadColumn {
  const wrong = numbers.find((number) => Number(number) > LARGEST_PIXEL);
  if (wrong !== undefined) return { fault: `holds ${shownValue(wrong)}, beyond the largest pixel, ${LARGEST_PIXEL}` };
  return { value: numbers.map(Number).join(',') };
}

function readNormalised(numbers: readonly string[]): ReadColumn {
  const wrong = numbers.find((number) => Number(number) > 1);
  if (wrong === undefined) return { value: numbers.map(normalised).join(',') };
  const right = 'give whole numbers (pixels) only, or numbers from 0 to 1 (normalised) only';
  return { fault: `holds ${shownValue(wrong)} beside a number with a point; ${right}` };
}

function normalised(number: string): string {
  const [, whole = '', fraction = ''] = DECIMAL.exec(number) ?? [];
  return `${whole.replace(/^0+(?=.)/, '') || '0'}.${fraction.replace(/0+$/, '') || '0'}`;
}
