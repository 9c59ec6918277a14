/** Which Cloudinary resource belongs to an image file: a template over the file's bucket, path and name. Pure. */
import { parseGsUri } from './names';

export interface DerivedResource {
  publicId: string;
  /** The delivery type: `fetch` where the public id is a URL. */
  type: 'upload' | 'fetch';
}

const FETCH_TEMPLATE = 'https://storage.googleapis.com/{bucket}/{path}/{name}{extension}';
const PARTS = ['bucket', 'path', 'name', 'extension'];

export const DEFAULT_TEMPLATE = '{path}/{name}';

/** What is wrong with a template as the end of a sentence, or null. */
export function templateFault(template: string): string | null {
  if (template === 'fetch') return null;
  const named = [...template.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
  const unknown = named.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) return `has {${unknown}}; known are ${PARTS.map((part) => `{${part}}`).join(', ')}`;
  return named.includes('name') ? null : 'must hold {name}, or every file would stand for the same resource';
}

/** The resource of a `gs://` file, or null where the URI is none. `{path}/` vanishes for a file in no folder. */
export function derivedResourceOf(uri: string, template: string): DerivedResource | null {
  const object = parseGsUri(uri);
  if (object === null) return null;
  const pattern = template === 'fetch' ? FETCH_TEMPLATE : template;
  const isUrl = /^https?:\/\//.test(pattern);
  const at = object.name.lastIndexOf('/');
  const file = object.name.slice(at + 1);
  const dot = file.lastIndexOf('.');
  const values: Record<string, string> = {
    bucket: object.bucket,
    path: at < 0 ? '' : object.name.slice(0, at),
    name: dot > 0 ? file.slice(0, dot) : file,
    extension: dot > 0 ? file.slice(dot) : '',
  };
  const publicId = pattern.replace(/\{(bucket|path|name|extension)\}(\/?)/g, (_whole, part: string, slash: string) => {
    const value = isUrl ? encodedPath(values[part] ?? '') : (values[part] ?? '');
    return part === 'path' && value === '' ? '' : value + slash;
  });
  return publicId.trim() === '' ? null : { publicId, type: isUrl ? 'fetch' : 'upload' };
}

function encodedPath(text: string): string {
  return text.split('/').map(encodeURIComponent).join('/');
}
