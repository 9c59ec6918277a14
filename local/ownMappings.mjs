/** Source maps that know our own files only: those of the libraries would take 90 MB of a function's memory to read. */
import { decode, encode } from '@jridgewell/sourcemap-codec';

/** The map without what lies in `node_modules`. A place there is named by its line in the bundle. */
export function ownMappings(text) {
  const map = JSON.parse(text);
  const isOwn = map.sources.map((source) => !source.includes('node_modules/'));
  const mappings = decode(map.mappings).map((line) => ownSegments(line, isOwn));
  return JSON.stringify({ ...map, mappings: encode(mappings) });
}

/** Where somebody else's code begins, a segment without a source ends ours. */
function ownSegments(line, isOwn) {
  const kept = [];
  let inOwn = false;
  for (const segment of line) {
    const own = segment.length > 1 && isOwn[segment[1]] === true;
    if (own) kept.push(segment);
    else if (inOwn) kept.push([segment[0]]);
    inOwn = own;
  }
  return kept;
}
