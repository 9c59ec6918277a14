/**
 * Subscription filters (https://cloud.google.com/pubsub/docs/subscription-message-filter): comparisons of attributes
 * with `=`, `!=`, `:` and `hasPrefix`, joined by AND, OR, NOT and parentheses.
 */
import { invalidArgument } from './refusals';

export type Filter = (attributes: Record<string, string>) => boolean;

const MAX_BYTES = 256;

/** The empty filter lets everything through; a text that is no filter is refused with the place where it breaks. */
export function parseFilter(text: string): Filter {
  if (text.trim() === '') return () => true;
  const size = Buffer.byteLength(text);
  if (size > MAX_BYTES) throw invalidArgument(`The filter is ${size} bytes long; the maximum is ${MAX_BYTES} bytes.`);
  const tokens = readTokens(text);
  const filter = readJoined(tokens);
  const rest = tokens.peek();
  if (rest) throw tokens.fail(rest.text === 'AND' || rest.text === 'OR' ? MIXED : `unexpected "${rest.text}"`);
  return filter;
}

const MIXED = 'AND and OR can only be mixed with parentheses';

interface Token {
  kind: 'string' | 'word' | 'sign';
  text: string;
  at: number;
}

interface Tokens {
  peek(): Token | undefined;
  next(): Token;
  /** Takes the next token if it reads like this. */
  take(text: string): boolean;
  expect(text: string): void;
  fail(reason: string): Error;
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z_][A-Za-z0-9_-]*)|(!=|[=:().,-]))/y;

function readTokens(text: string): Tokens {
  const tokens: Token[] = [];
  let position = 0;
  const trimmed = text.trimEnd();
  while (position < trimmed.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(trimmed);
    if (!match) throw invalid(text, position, `unexpected "${trimmed.slice(position).trim()[0]}"`);
    const [, string, word, sign = ''] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: string.replace(/\\(.)/g, '$1'), at: position });
    else tokens.push({ kind: word ? 'word' : 'sign', text: word ?? sign, at: position });
    position = TOKEN.lastIndex;
  }
  let index = 0;
  const fail = (reason: string) => invalid(text, tokens[index]?.at ?? text.length, reason);
  function take(wanted: string): boolean {
    const token = tokens[index];
    if (!token || token.kind === 'string' || token.text !== wanted) return false;
    index += 1;
    return true;
  }
  return {
    peek: () => tokens[index],
    next() {
      const token = tokens[index];
      if (!token) throw fail('the filter ends too early');
      index += 1;
      return token;
    },
    take,
    expect(wanted) {
      if (!take(wanted)) throw fail(`"${wanted}" is expected`);
    },
    fail,
  };
}

/** One or more terms, all joined by AND or all by OR. */
function readJoined(tokens: Tokens): Filter {
  const terms = [readTerm(tokens)];
  const joiner = tokens.peek()?.text === 'OR' ? 'OR' : 'AND';
  while (tokens.take(joiner)) terms.push(readTerm(tokens));
  if (joiner === 'OR') return (attributes) => terms.some((term) => term(attributes));
  return (attributes) => terms.every((term) => term(attributes));
}

function readTerm(tokens: Tokens): Filter {
  if (tokens.take('NOT') || tokens.take('-')) {
    const inner = readTerm(tokens);
    return (attributes) => !inner(attributes);
  }
  if (tokens.take('(')) {
    const inner = readJoined(tokens);
    if (tokens.peek()?.text === 'AND' || tokens.peek()?.text === 'OR') throw tokens.fail(MIXED);
    tokens.expect(')');
    return inner;
  }
  if (tokens.take('hasPrefix')) return readPrefix(tokens);
  return readComparison(tokens);
}

function readPrefix(tokens: Tokens): Filter {
  tokens.expect('(');
  tokens.expect('attributes');
  tokens.expect('.');
  const key = readKey(tokens);
  tokens.expect(',');
  const prefix = readString(tokens);
  tokens.expect(')');
  return (attributes) => attributes[key]?.startsWith(prefix) ?? false;
}

function readComparison(tokens: Tokens): Filter {
  tokens.expect('attributes');
  if (tokens.take(':')) {
    const key = readKey(tokens);
    return (attributes) => Object.hasOwn(attributes, key);
  }
  tokens.expect('.');
  const key = readKey(tokens);
  if (tokens.take('!=')) {
    const value = readString(tokens);
    return (attributes) => attributes[key] !== value;
  }
  tokens.expect('=');
  const value = readString(tokens);
  return (attributes) => attributes[key] === value;
}

function readKey(tokens: Tokens): string {
  const token = tokens.next();
  if (token.kind === 'sign') throw tokens.fail(`an attribute's key is expected before this`);
  return token.text;
}

function readString(tokens: Tokens): string {
  const token = tokens.next();
  if (token.kind !== 'string') throw tokens.fail('a value in double quotes is expected before this');
  return token.text;
}

function invalid(text: string, at: number, reason: string): Error {
  return invalidArgument(`Invalid filter (filter=${text}): ${reason} at position ${at}.`);
}
