/** A square of palette indices, on which polygons and ellipses are filled in coordinates from 0 to 100. */

export const CANVAS_SIZE = 320;

export type Point = readonly [x: number, y: number];

export interface View {
  mirrored: boolean;
  /** 1 fills the square; more shows a part of it, from its middle. */
  zoom: number;
}

export interface Canvas {
  pixels: Uint8Array;
  polygon(ink: number, points: readonly Point[]): void;
  ellipse(ink: number, centre: Point, radii: Point): void;
}

const SEGMENTS = 48;

export function createCanvas(view: View): Canvas {
  const pixels = new Uint8Array(CANVAS_SIZE * CANVAS_SIZE);

  function placed([x, y]: Point): Point {
    const across = view.mirrored ? 100 - x : x;
    const scale = (value: number) => ((value - 50) * view.zoom + 50) * (CANVAS_SIZE / 100);
    return [scale(across), scale(y)];
  }

  function polygon(ink: number, points: readonly Point[]): void {
    const corners = points.map(placed);
    for (let row = 0; row < CANVAS_SIZE; row++) {
      const crossings = crossingsOf(corners, row + 0.5);
      for (let index = 0; index + 1 < crossings.length; index += 2) {
        const [from = 0, to = 0] = crossings.slice(index).map((x) => Math.min(Math.max(Math.round(x), 0), CANVAS_SIZE));
        pixels.fill(ink, row * CANVAS_SIZE + from, row * CANVAS_SIZE + to);
      }
    }
  }

  function ellipse(ink: number, [x, y]: Point, [across, down]: Point): void {
    const angles = Array.from({ length: SEGMENTS }, (_, index) => (2 * Math.PI * index) / SEGMENTS);
    polygon(
      ink,
      angles.map((angle) => [x + across * Math.cos(angle), y + down * Math.sin(angle)]),
    );
  }

  return { pixels, polygon, ellipse };
}

/** Where the outline crosses a row, from left to right. */
function crossingsOf(corners: readonly Point[], row: number): number[] {
  const crossings = corners.flatMap(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [x, y];
    if (y <= row === nextY <= row) return [];
    return [x + ((row - y) / (nextY - y)) * (nextX - x)];
  });
  return crossings.sort((one, other) => one - other);
}
