import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pauseAfter } from '../../functions/console/page/retry';
import { ageText, durationText } from '../../functions/console/page/timeWords';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

it.each([
  [-50, '0 s'],
  [0, '0 s'],
  [230, '0.2 s'],
  [12_900, '12 s'],
  [MINUTE, '1 min'],
  [3 * MINUTE + 5 * SECOND, '3 min 5 s'],
  [2 * HOUR + 4 * MINUTE, '2 h 4 min'],
  [3 * DAY + HOUR, '3 d 1 h'],
])('tells a duration of %d ms as "%s"', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it.each([
  [-30_000, 'in 30 s'],
  [-500, 'now'],
  [1_900, 'now'],
  [59_999, '59 s ago'],
  [MINUTE, '1 min ago'],
  [5 * HOUR + 1, '5 h ago'],
  [9 * DAY, '9 d ago'],
])('tells an age of %d ms as "%s"', (ms, text) => {
  expect(ageText(ms)).toBe(text);
});

it('asks every two seconds, and more slowly while nobody answers', () => {
  expect([0, 1, 2, 3, 4, 50].map(pauseAfter)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

it('never makes markup of text', () => {
  const page = join(__dirname, '../../functions/console/page');
  const sources = readdirSync(page).filter((name) => /\.tsx?$/.test(name));

  expect(sources.length).toBeGreaterThan(10);
  for (const name of sources) {
    expect(readFileSync(join(page, name), 'utf8')).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write/i);
  }
});
