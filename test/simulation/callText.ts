/** Calls and answers as people read them in a history. */
import { Readable } from 'node:stream';
import type { Call } from './invocations';

export function callText({ method, parameters }: Call): string {
  return `${method} ${parameters.map(shown).join(' ')}`;
}

export function shown(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  if (typeof value === 'string') return value.length > 80 ? `${value.length} characters` : value;
  if (typeof value !== 'object') return String(value);
  if (value instanceof Readable) return 'a stream';
  if ('bucket' in value && 'name' in value) {
    return `gs://${value.bucket}/${value.name}${'generation' in value ? `#${value.generation}` : ''}`;
  }
  if ('object' in value) return shown(value.object);
  if ('items' in value && Array.isArray(value.items)) return `[${value.items.map((item) => item.id).join(' ')}]`;
  if ('objects' in value && Array.isArray(value.objects)) return `[${value.objects.length} objects]`;
  if ('data' in value) return `message ${shown(Reflect.get(Object(value), 'attributes')?.['ce-id'] ?? value.data)}`;
  if ('ifGenerationMatch' in value) return `if #${value.ifGenerationMatch}`;
  const text = JSON.stringify(value) ?? '';
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
