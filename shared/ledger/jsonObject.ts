/** Compare-and-set on one small JSON object in Cloud Storage. */
import { ServiceError } from '../core/errors';
import type { ObjectName, Ports } from '../ports';

type StatePorts = Pick<Ports, 'objects' | 'clock' | 'entropy'>;

const ATTEMPTS = 12;
/** Cloud Storage takes about one write a second to one object name (storage/quotas). */
const PAUSE_MS = 150;

interface Written<T> {
  nonce: string;
  /** The nonces of the writes before, the last of them last. */
  before?: string[];
  value: T;
}

/** More than there can be between a write and the look whether it won, at a write a second. */
const NONCES_KEPT = 40;

async function readWritten<T>(
  ports: StatePorts,
  object: ObjectName,
): Promise<{ written: Written<T>; generation: string } | null> {
  const found = await ports.objects.read(object);
  if (found === null) return null;
  return { written: JSON.parse(found.body.toString('utf8')) as Written<T>, generation: found.object.generation };
}

/** The value of the object, or `empty` where there is none yet. */
export async function readJson<T>(ports: StatePorts, object: ObjectName, empty: T): Promise<T> {
  return (await readWritten<T>(ports, object))?.written.value ?? empty;
}

/**
 * Changes the value by `change`, again on what is there by then if somebody else wrote meanwhile, so `change` must be
 * pure. Where it gives null or the same value, nothing is written. Gives the value that holds afterwards.
 */
export async function updateJson<T>(
  ports: StatePorts,
  object: ObjectName,
  empty: T,
  change: (value: T) => T | null,
): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await readWritten<T>(ports, object);
    const value = found?.written.value ?? empty;
    const next = change(value);
    if (next === null || next === value) return value;
    const nonce = ports.entropy.nonce();
    const body: Written<T> = { nonce, before: noncesOf(found?.written).slice(-NONCES_KEPT), value: next };
    const written = await ports.objects.write(object, JSON.stringify(body, null, 1), {
      contentType: 'application/json',
      ifGenerationMatch: found?.generation ?? '0',
    });
    if (written !== null) return next;
    // The write may have won although its answer said otherwise: a retry inside the client meets its own first try, and
    // somebody else may have written since.
    const now = await readWritten<T>(ports, object);
    if (now !== null && noncesOf(now.written).includes(nonce)) return now.written.value;
    await ports.clock.sleep(PAUSE_MS * attempt * (0.5 + fraction(nonce)));
  }
  throw new ServiceError('Storage.CompareAndSet', 'UNAVAILABLE', `gs://${object.bucket}/${object.name} is contended`);
}

function noncesOf(written: Written<unknown> | undefined): string[] {
  return written === undefined ? [] : [...(written.before ?? []), written.nonce];
}

/** A number in [0, 1) from a nonce, so that two that collide pause for different times. */
function fraction(nonce: string): number {
  return Number.parseInt(nonce.slice(0, 6), 16) / 0x1000000;
}
