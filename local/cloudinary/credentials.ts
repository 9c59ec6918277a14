/**
 * Who may call: Basic credentials for the Admin API, signed parameters for the Upload API
 * (https://cloudinary.com/documentation/authentication_signatures).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../shared/ports';
import { CloudinaryModelError } from './modelErrors';
import type { Params } from './params';

export interface Credentials {
  cloudName: string;
  key: string;
  secret: string;
}

const UNSIGNED = new Set(['api_key', 'signature', 'file', 'cloud_name', 'resource_type']);
const SIGNATURE_LIFETIME_MS = 3_600_000;

/** Throws 401 where the header or the cloud's name is another. */
export function checkBasic({ cloudName, key, secret }: Credentials, cloud: string, header: string | undefined): void {
  const given = /^Basic (.+)$/i.exec(header ?? '')?.[1] ?? '';
  const expected = Buffer.from(`${key}:${secret}`).toString('base64');
  if (cloud !== cloudName || !isSame(given, expected)) throw new CloudinaryModelError(401, 'api_secret mismatch');
}

/** Throws 401 where the parameters are not signed with the secret, or were signed more than an hour ago. */
export function checkSignature({ cloudName, key, secret }: Credentials, cloud: string, params: Params, clock: Clock) {
  if (cloud !== cloudName || params.text('api_key') !== key) {
    throw new CloudinaryModelError(401, `Unknown API key ${params.text('api_key') ?? ''}`);
  }
  const given = params.text('signature') ?? '';
  const toSign = [...params.signed]
    .filter(([name, value]) => !UNSIGNED.has(name) && value !== '')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`.replaceAll('&', '%26'))
    .join('&');
  const algorithm = given.length === 64 ? 'sha256' : 'sha1';
  const expected = createHash(algorithm).update(`${toSign}${secret}`).digest('hex');
  if (!isSame(given, expected)) {
    throw new CloudinaryModelError(401, `Invalid Signature ${given}. String to sign - '${toSign}'.`);
  }
  const age = clock.now() - 1_000 * Number(params.text('timestamp') ?? Number.NaN);
  if (!(age < SIGNATURE_LIFETIME_MS)) throw new CloudinaryModelError(401, 'Stale request');
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
