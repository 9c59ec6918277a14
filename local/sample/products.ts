/** What the sample sells: every product with its product sets, its labels and what its images look like. */
import type { Colour } from './png';
import type { Shape } from './shapes';

export interface SampleProduct {
  id: string;
  displayName: string;
  category: 'apparel-v2' | 'homegoods-v2' | 'toys-v2' | 'packagedgoods-v1' | 'general-v1';
  labels: string;
  /** The first is where it belongs; the others hold it, too. */
  sets: readonly string[];
  shape: Shape;
  colour: Colour;
  /** How many images show it, 1 to 3. */
  images: number;
}

const SALE = 'winter-sale';

const RED: Colour = [200, 44, 52];
const BLUE: Colour = [38, 92, 186];
const GREEN: Colour = [46, 134, 82];
const YELLOW: Colour = [236, 184, 40];
const BLACK: Colour = [48, 48, 54];
const BROWN: Colour = [132, 86, 52];
const PURPLE: Colour = [116, 66, 158];
const TEAL: Colour = [24, 138, 146];

type Row = [string, string, string, readonly string[], Shape, Colour];

const APPAREL: readonly Row[] = [
  ['runner-red', 'Runner, red', 'style=sport,color=red', ['shoes', SALE], 'shoe', RED],
  ['runner-blue', 'Runner, blue', 'style=sport,color=blue', ['shoes'], 'shoe', BLUE],
  ['runner-teal', 'Läufer „Förde“', 'style=sport,color=teal', ['shoes'], 'shoe', TEAL],
  ['court-black', 'Court shoe', 'style=formal,color=black', ['shoes', SALE], 'shoe', BLACK],
  ['boot-brown', 'Bottine d’été', 'style=formal,style=outdoor,color=brown', ['shoes', SALE], 'boot', BROWN],
  ['boot-green', 'Gummistiefel „Sylt“', 'style=outdoor,color=green', ['shoes'], 'boot', GREEN],
  ['boot-yellow', 'Rain boot, yellow', 'style=outdoor,color=yellow', ['shoes', SALE], 'boot', YELLOW],
  ['shirt-blue', 'T-shirt, blue', 'style=casual,color=blue', ['shirts'], 'shirt', BLUE],
  ['shirt-red', 'T-shirt "Anchor"', 'style=casual,color=red,print=anchor', ['shirts', SALE], 'shirt', RED],
  ['shirt-green', 'Κοντομάνικη μπλούζα', 'style=casual,color=green', ['shirts'], 'shirt', GREEN],
  ['shirt-purple', 'Футболка', 'style=casual,color=purple', ['shirts', SALE], 'shirt', PURPLE],
];

const HOMEGOODS: readonly Row[] = [
  ['mug-red', '赤いマグカップ', 'room=kitchen,color=red', ['kitchen', SALE], 'mug', RED],
  ['mug-blue', 'Mug, blue', 'room=kitchen,color=blue', ['kitchen'], 'mug', BLUE],
  ['mug-yellow', 'Kaffeebecher »Süd«', 'room=kitchen,color=yellow', ['kitchen'], 'mug', YELLOW],
  ['mug-black', 'Mug, black, 0.3 l', 'room=kitchen,color=black', ['kitchen'], 'mug', BLACK],
  ['pan-black', 'Frying pan, 28 cm', 'room=kitchen,material=iron', ['kitchen', SALE], 'pan', BLACK],
  ['pan-teal', 'Poêle émaillée', 'room=kitchen,material=enamel', ['kitchen'], 'pan', TEAL],
];

const TOYS: readonly Row[] = [
  ['ball-red', 'Ball, red', 'age=3', ['toys'], 'ball', RED],
  ['ball-green', 'Ball, green', 'age=3', ['toys', SALE], 'ball', GREEN],
  ['robot-blue', 'ロボット 🤖', 'age=6,battery=yes', ['toys'], 'robot', BLUE],
  ['robot-purple', 'Robot „Ada“', 'age=6,battery=yes', ['toys'], 'robot', PURPLE],
];

const PACKAGED: readonly Row[] = [
  ['tea-green', 'Green tea, 100 g', 'shelf=tea', ['pantry'], 'box', GREEN],
  ['tea-brown', 'Schwarztee, 100 g', 'shelf=tea', ['pantry'], 'box', BROWN],
  ['rice-yellow', 'Reis, 1 kg', 'shelf=grain', ['pantry'], 'box', YELLOW],
];

const GENERAL: readonly Row[] = [['gift-purple', '', '', ['gifts'], 'box', PURPLE]];

export const SAMPLE_PRODUCTS: readonly SampleProduct[] = [
  ...APPAREL.map((row) => product('apparel-v2', row)),
  ...HOMEGOODS.map((row) => product('homegoods-v2', row)),
  ...TOYS.map((row) => product('toys-v2', row)),
  ...PACKAGED.map((row) => product('packagedgoods-v1', row)),
  ...GENERAL.map((row) => product('general-v1', row)),
];

function product(category: SampleProduct['category'], row: Row): SampleProduct {
  const [id, displayName, labels, sets, shape, colour] = row;
  return { id, displayName, category, labels, sets, shape, colour, images: category === 'general-v1' ? 1 : 3 };
}
