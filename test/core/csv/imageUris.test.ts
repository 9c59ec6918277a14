import { namedUris } from '../../../shared/core/csv/imageUris';
import { createLineSplitter } from '../../../shared/core/csv/physicalLines';

function named(text: string): string[] {
  const splitter = createLineSplitter();
  return [...splitter.push(Buffer.from(text)), ...splitter.end()].flatMap(namedUris);
}

it.each([
  ['a plain line', 'gs://b/1.png,i,s,p,c,,,\n', ['gs://b/1.png']],
  ['a quoted URI', '"gs://b/1.png",i,s,p,c,,,\n', ['gs://b/1.png']],
  ['a URI with a comma', '"gs://b/a,b.png",i,s,p,c,,,\n', ['gs://b/a,b.png']],
  ['a URI with a quote', '"gs://b/a""b.png",i,s,p,c,,,\n', ['gs://b/a"b.png']],
  ['blanks around it', ' gs://b/1.png ,i\n', ['gs://b/1.png']],
  ['a byte order mark', '\uFEFFgs://b/1.png,i\n', ['gs://b/1.png']],
  ['CR LF', 'gs://b/1.png\r\ngs://b/2.png\r\n', ['gs://b/1.png', 'gs://b/2.png']],
  ['no line end', 'gs://b/1.png,i', ['gs://b/1.png']],
  ['a quote left open', '"gs://b/1.png,i,s\n', ['gs://b/1.png']],
  ['a header and blank lines', 'image-uri,image-id\n\n,,\n', []],
])('finds what a file names: %s', (_case, text, uris) => {
  expect(named(text)).toEqual(expect.arrayContaining(uris));
  expect(named(text)).toHaveLength(named(text).filter((uri) => uri.startsWith('gs://')).length);
  if (uris.length === 0) expect(named(text)).toEqual([]);
});
