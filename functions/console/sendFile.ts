/** Streams an object of the state bucket as an attachment; nothing outside the folders that people are meant to read. */
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from '@google-cloud/functions-framework';
import { OPENABLE_FOLDERS, openableObject } from '../../shared/console/fileLinks';
import type { StoredObject } from '../../shared/ports';
import type { Readers } from './readers';

const CONTENT_TYPES: [RegExp, string][] = [
  [/\.csv$/, 'text/csv; charset=utf-8'],
  [/\.json$/, 'application/json; charset=utf-8'],
  [/\.gz$/, 'application/gzip'],
];

type FileReaders = Pick<Readers, 'objects' | 'stateBucket'>;

/** Answers 403 for what it does not open, 404 for what is not there, else the object as it is stored. */
export async function sendFile(request: Request, response: Response, readers: FileReaders): Promise<void> {
  const { uri } = request.query;
  const object = typeof uri === 'string' ? openableObject(uri, readers.stateBucket) : null;
  if (object === null) {
    const folders = OPENABLE_FOLDERS.map((folder) => `${folder}/`).join(', ');
    return refuse(response, 403, `Only files under ${folders} of gs://${readers.stateBucket} can be opened here`);
  }
  const stored = await readers.objects.stat(object);
  const content = stored === null ? null : await readers.objects.openRead(object, stored.generation);
  if (stored === null || content === null) return refuse(response, 404, 'There is no such file (any more)');
  response.status(200).set(fileHeaders(stored));
  if (request.method === 'HEAD') {
    content.destroy();
    response.end();
    return;
  }
  await pipeline(content, response);
}

function fileHeaders({ name, size, contentEncoding }: StoredObject): Record<string, string> {
  const fileName = name.slice(name.lastIndexOf('/') + 1);
  return {
    'Content-Type': CONTENT_TYPES.find(([ending]) => ending.test(fileName))?.[1] ?? 'text/plain; charset=utf-8',
    'Content-Length': String(size),
    ...(contentEncoding === undefined || contentEncoding === '' ? {} : { 'Content-Encoding': contentEncoding }),
    'Content-Disposition': disposition(fileName),
  };
}

/** RFC 6266: a plain name for old readers, the whole name in RFC 8187's encoding. */
function disposition(fileName: string): string {
  const plain = fileName.replace(/[^A-Za-z0-9._ -]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function refuse(response: Response, status: number, message: string): void {
  response
    .status(status)
    .set('Content-Type', 'application/json; charset=utf-8')
    .end(JSON.stringify({ error: message }));
}
