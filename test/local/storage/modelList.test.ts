import { contentOf } from '../../../local/storage/content';
import { createStorageModel, type StorageModel } from '../../../local/storage/model';

describe('lists of objects', () => {
  let model: StorageModel;

  function put(name: string) {
    return model.insertObject({ bucket: 'bucket-1', name }, contentOf(Buffer.from('x')));
  }

  function names(query: Parameters<StorageModel['listObjects']>[1]): { objects: string[]; prefixes: string[] } {
    const { objects, prefixes } = model.listObjects('bucket-1', query);
    return { objects: objects.map(({ name }) => name), prefixes };
  }

  beforeEach(() => {
    model = createStorageModel({ clock: { now: () => Date.UTC(2026, 10, 22), sleep: async () => {} } });
    model.insertBucket('bucket-1');
    for (const name of ['a/', 'a/1', 'a/b/2', 'b', 'c/3', 'c/4', 'd']) put(name);
  });

  it('roll names up to the delimiter', () => {
    expect(names({ delimiter: '/' })).toEqual({ objects: ['b', 'd'], prefixes: ['a/', 'c/'] });
    expect(names({ delimiter: '/', prefix: 'a/' })).toEqual({ objects: ['a/', 'a/1'], prefixes: ['a/b/'] });
    expect(names({ delimiter: '/', includeTrailingDelimiter: true })).toEqual({
      objects: ['a/', 'b', 'd'],
      prefixes: ['a/', 'c/'],
    });
  });

  it('count prefixes as results and give each once, page by page', () => {
    const seen: string[] = [];
    let pageToken: string | undefined;
    for (let page = 0; page < 10; page += 1) {
      const listing = model.listObjects('bucket-1', { delimiter: '/', maxResults: 1, pageToken });
      seen.push([...listing.objects.map(({ name }) => name), ...listing.prefixes].join(' '));
      pageToken = listing.nextPageToken;
      if (pageToken === undefined) break;
    }

    expect(seen).toEqual(['a/', 'b', 'c/', 'd']);
  });

  it('go on behind a name that was deleted after its page, and see what was written since', () => {
    const { nextPageToken } = model.listObjects('bucket-1', { maxResults: 4 });
    model.deleteObject({ bucket: 'bucket-1', name: 'b' });
    put('a/0');
    put('bb');

    expect(names({ pageToken: nextPageToken }).objects).toEqual(['bb', 'c/3', 'c/4', 'd']);
  });

  it('begin and end at offsets', () => {
    expect(names({ startOffset: 'a/b', endOffset: 'c/4' }).objects).toEqual(['a/b/2', 'b', 'c/3']);
  });

  it('match globs, in which only ** crosses a slash', () => {
    expect(names({ matchGlob: '*/[0-9]' }).objects).toEqual(['a/1', 'c/3', 'c/4']);
    expect(names({ matchGlob: '**/{2,3}' }).objects).toEqual(['a/b/2', 'c/3']);
    expect(names({ matchGlob: '?' }).objects).toEqual(['b', 'd']);
  });

  it('give at most 1,000 at once and refuse what is no page token', () => {
    for (let index = 0; index < 1000; index += 1) put(`z${index}`);
    const listing = model.listObjects('bucket-1', { maxResults: 5000 });

    expect(listing.objects).toHaveLength(1000);
    expect(listing.nextPageToken).toBeDefined();
    expect(() => model.listObjects('bucket-1', { pageToken: 'bm9uc2Vuc2U' })).toThrow('Invalid page token.');
    expect(() => model.listObjects('bucket-1', { maxResults: -1 })).toThrow("Invalid value for maxResults: '-1'");
  });
});
