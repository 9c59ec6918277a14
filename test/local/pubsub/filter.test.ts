import { parseFilter } from '../../../local/pubsub/filter';

const attributes = { colour: 'red', size: '10', 'ce-type': 'product-search.import.completed.v1' };

describe('filter', () => {
  test.each([
    ['', true],
    ['attributes.colour = "red"', true],
    ['attributes.colour="blue"', false],
    ['attributes.colour != "blue"', true],
    ['attributes.wings != "two"', true],
    ['attributes:size', true],
    ['attributes:wings', false],
    ['hasPrefix(attributes.ce-type, "product-search.import.")', true],
    ['hasPrefix(attributes."ce-type", "product-search.purge.")', false],
    ['hasPrefix(attributes.wings, "")', false],
    ['NOT attributes:wings', true],
    ['-attributes:size', false],
    ['attributes:size AND attributes.colour = "red"', true],
    ['attributes:wings OR attributes:beak OR attributes:size', true],
    ['attributes:size AND (attributes:wings OR NOT attributes:beak)', true],
    ['attributes.colour = "r\\"ed"', false],
  ])('%s is %s', (text, expected) => {
    expect(parseFilter(text)(attributes)).toBe(expected);
  });

  test.each([
    ['colour = "red"', '"attributes" is expected at position 0'],
    ['attributes.colour = red', 'a value in double quotes is expected'],
    ['attributes.colour', '"=" is expected'],
    ['attributes.colour = "red', 'unexpected """ at position 19'],
    ['attributes:a AND', 'the filter ends too early', '"attributes" is expected'],
    ['attributes:a OR attributes:b AND attributes:c', 'can only be mixed with parentheses'],
    ['(attributes:a', '")" is expected'],
    ['attributes:a attributes:b', 'unexpected "attributes"'],
    [`attributes.a = "${'x'.repeat(256)}"`, 'the maximum is 256 bytes'],
  ])('%s is refused with the reason', (text, ...reasons) => {
    const refusal = () => parseFilter(text);

    expect(refusal).toThrow(expect.objectContaining({ code: 3 }));
    expect(refusal).toThrow(new RegExp(reasons.map((reason) => reason.replace(/[()"[\]]/g, '\\$&')).join('|')));
  });
});
