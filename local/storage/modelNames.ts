/**
 * Which names buckets and objects may have, and the order of object names.
 * https://cloud.google.com/storage/docs/buckets#naming · https://cloud.google.com/storage/docs/objects#naming
 */
import { invalid, required } from './modelErrors';

const MAX_OBJECT_NAME_BYTES = 1024;
const BUCKET_NAME = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;
const IP_ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Throws 400 for a name that no bucket can have. */
export function checkBucketName(name: string): void {
  if (name === '') throw required('name');
  const parts = name.split('.');
  const isLegal =
    BUCKET_NAME.test(name) &&
    !IP_ADDRESS.test(name) &&
    (parts.length > 1 || name.length <= 63) &&
    parts.every((part) => part.length > 0 && part.length <= 63) &&
    !name.startsWith('goog') &&
    !name.includes('google');
  if (!isLegal) throw invalid(`Invalid bucket name: '${name}'`);
}

/** Throws 400 for a name that no object can have. */
export function checkObjectName(name: string): void {
  if (name === '') throw required('name');
  const problem = objectNameProblem(name);
  if (problem !== null) throw invalid(`The specified object name is not valid: ${problem}.`);
}

function objectNameProblem(name: string): string | null {
  const bytes = Buffer.from(name, 'utf8');
  if (bytes.length > MAX_OBJECT_NAME_BYTES) return `it has ${bytes.length} bytes in UTF-8, at most 1024 are allowed`;
  if (bytes.toString('utf8') !== name) return 'it is not well-formed Unicode';
  if (/[\r\n]/.test(name)) return 'it contains a carriage return or line feed';
  if (name === '.' || name === '..') return `it is '${name}'`;
  if (name.startsWith('.well-known/acme-challenge/')) return "it begins with '.well-known/acme-challenge/'";
  return null;
}

/** Negative, zero or positive as `a` comes before, at or after `b` in the order of their UTF-8 bytes. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return utf8Rank(left) - utf8Rank(right);
  }
  return a.length - b.length;
}

/** In UTF-8 what UTF-16 writes with surrogates comes after U+E000 to U+FFFF; otherwise the orders agree. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
