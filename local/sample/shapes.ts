/** Draws the kinds of things that the sample sells. Ink 0 is the background, 1 the thing, 2 its shade, 3 its detail. */
import type { Canvas } from './canvas';

export type Shape = 'shoe' | 'boot' | 'shirt' | 'mug' | 'pan' | 'ball' | 'robot' | 'box';

export const DRAW: Record<Shape, (canvas: Canvas) => void> = {
  shoe: drawShoe,
  boot: drawBoot,
  shirt: drawShirt,
  mug: drawMug,
  pan: drawPan,
  ball: drawBall,
  robot: drawRobot,
  box: drawBox,
};

function drawShoe(canvas: Canvas): void {
  canvas.polygon(1, [
    [12, 42],
    [30, 38],
    [48, 52],
    [78, 58],
    [90, 68],
    [90, 76],
    [12, 76],
  ]);
  canvas.polygon(2, [
    [10, 74],
    [92, 74],
    [90, 82],
    [12, 82],
  ]);
  for (const x of [38, 45, 52])
    canvas.polygon(3, [
      [x, 48],
      [x + 3, 50],
      [x - 3, 60],
      [x - 6, 58],
    ]);
}

function drawBoot(canvas: Canvas): void {
  canvas.polygon(1, [
    [26, 14],
    [54, 14],
    [54, 56],
    [84, 64],
    [88, 78],
    [26, 78],
  ]);
  canvas.polygon(2, [
    [24, 76],
    [90, 76],
    [90, 84],
    [24, 84],
  ]);
  canvas.polygon(3, [
    [26, 20],
    [54, 20],
    [54, 27],
    [26, 27],
  ]);
}

function drawShirt(canvas: Canvas): void {
  canvas.polygon(1, [
    [34, 18],
    [66, 18],
    [92, 34],
    [82, 50],
    [72, 44],
    [72, 86],
    [28, 86],
    [28, 44],
    [18, 50],
    [8, 34],
  ]);
  canvas.ellipse(0, [50, 17], [10, 8]);
  canvas.polygon(2, [
    [28, 80],
    [72, 80],
    [72, 86],
    [28, 86],
  ]);
  canvas.ellipse(3, [60, 42], [6, 6]);
}

function drawMug(canvas: Canvas): void {
  canvas.ellipse(1, [72, 52], [18, 18]);
  canvas.ellipse(0, [72, 52], [10, 10]);
  canvas.polygon(1, [
    [22, 24],
    [70, 24],
    [66, 82],
    [26, 82],
  ]);
  canvas.ellipse(2, [46, 24], [24, 6]);
  canvas.polygon(3, [
    [24, 48],
    [68, 48],
    [67, 58],
    [25, 58],
  ]);
}

function drawPan(canvas: Canvas): void {
  canvas.polygon(2, [
    [58, 52],
    [98, 34],
    [98, 42],
    [62, 60],
  ]);
  canvas.ellipse(1, [40, 58], [32, 26]);
  canvas.ellipse(2, [40, 56], [26, 20]);
  canvas.ellipse(3, [33, 52], [9, 7]);
}

function drawBall(canvas: Canvas): void {
  canvas.ellipse(1, [50, 50], [36, 36]);
  canvas.ellipse(2, [50, 50], [14, 36]);
  canvas.ellipse(3, [50, 50], [36, 9]);
}

function drawRobot(canvas: Canvas): void {
  canvas.polygon(1, [
    [32, 16],
    [68, 16],
    [68, 42],
    [32, 42],
  ]);
  canvas.polygon(1, [
    [24, 46],
    [76, 46],
    [76, 78],
    [24, 78],
  ]);
  canvas.polygon(2, [
    [30, 78],
    [44, 78],
    [44, 92],
    [30, 92],
  ]);
  canvas.polygon(2, [
    [56, 78],
    [70, 78],
    [70, 92],
    [56, 92],
  ]);
  canvas.ellipse(3, [42, 28], [5, 5]);
  canvas.ellipse(3, [58, 28], [5, 5]);
}

function drawBox(canvas: Canvas): void {
  canvas.polygon(1, [
    [20, 30],
    [64, 30],
    [64, 86],
    [20, 86],
  ]);
  canvas.polygon(2, [
    [64, 30],
    [82, 18],
    [82, 74],
    [64, 86],
  ]);
  canvas.polygon(3, [
    [20, 30],
    [38, 18],
    [82, 18],
    [64, 30],
  ]);
  canvas.ellipse(3, [42, 60], [13, 13]);
}
