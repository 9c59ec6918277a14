/** The glob patterns of object listings: https://cloud.google.com/storage/docs/json_api/v1/objects/list#list-objects-and-prefixes-using-glob. */
import { invalid } from './modelErrors';

/** `*` and `?` stop at a slash, `**` does not; `[a-z]`, `[!a]` and `{one,two}` as in a shell. */
export function matchesGlob(glob: string, name: string): boolean {
  return compile(glob).test(name);
}

const TOKEN = /\*\*|\*|\?|\[!?[^\]]+\]|[{},]|\\?[\s\S]/g;

function compile(glob: string): RegExp {
  let depth = 0;
  const source = [...glob.matchAll(TOKEN)].map(([token]) => {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    return translate(token, depth);
  });
  try {
    return new RegExp(`^${source.join('')}$`, 'su');
  } catch {
    throw invalid(`Invalid value for matchGlob: '${glob}'`);
  }
}

function translate(token: string, depth: number): string {
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (token === '{') return '(?:';
  if (token === '}') return ')';
  if (token === ',' && depth > 0) return '|';
  if (token.length > 2 && token.startsWith('[')) return token.replace(/^\[!/, '[^');
  const literal = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
  return literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
