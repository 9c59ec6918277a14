/** The official library, unchanged, against the local service: what it can do there, and where it is dangerous. */
import { type CloudinaryServer, startCloudinaryServer } from '../../../local/cloudinary/server';
import { CREDENTIALS, createAccount, startAccount, urlOf } from './account';

type Sdk = typeof import('cloudinary').v2;
type Answer = Record<string, unknown>;
type Method =
  | `delete_${'resources' | 'all_resources' | 'resources_by_prefix' | 'resources_by_tag' | 'derived_resources'}`
  | `delete_${'derived_by_transformation' | 'transformation' | 'folder' | 'resources_by_asset_ids'}`
  | `resource${'' | 's' | 's_by_tag' | 's_by_ids'}`
  | 'transformation'
  | 'transformations'
  | 'usage'
  | 'ping';

/** Taken per call, although the types do not say so. */
const WRONG = { api_secret: 'wrong' } as object;
const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';

let account: Awaited<ReturnType<typeof startAccount>>;
let sdk: Sdk;
/** Its own types leave methods out and ask for callbacks. */
let api: Record<Method, (...parameters: unknown[]) => Promise<Answer>>;

beforeAll(async () => {
  account = await startAccount({ callsPerWindow: 500, originalsPerCall: 3 });
  // The library chooses between http and https once, when it is loaded.
  process.env.CLOUDINARY_URL = urlOf(account.server.url);
  sdk = (await import('cloudinary')).v2;
  api = sdk.api as unknown as typeof api;
  account.setNow(Date.now());
});

afterAll(() => account.server.close());

async function upload(publicId: string, options: Answer = {}): Promise<Answer> {
  const eager = [{ width: 100, crop: 'scale' }, { width: 200 }];
  return sdk.uploader.upload(PIXEL, { public_id: publicId, eager, ...options }) as unknown as Promise<Answer>;
}

async function derivedOf(publicId: string, options: Answer = {}): Promise<string[]> {
  const { derived } = (await api.resource(publicId, options)) as { derived: { transformation: string }[] };
  return derived.map(({ transformation }) => transformation);
}

async function clear(): Promise<void> {
  await api.delete_all_resources({ resource_type: 'raw' });
  for (const type of ['upload', 'private', 'facebook']) {
    for (let partial = true; partial; ) partial = (await api.delete_all_resources({ type })).partial === true;
  }
}

beforeEach(clear);

describe('the official library', () => {
  it('uploads with eager transformations and tags, and finds it all', async () => {
    const made = await upload('folder/shoe é', { tags: ['sale', 'new'] });

    expect(made).toMatchObject({ public_id: 'folder/shoe é', eager: [{ transformation: 'c_scale,w_100' }, {}] });
    expect(await derivedOf('folder/shoe é')).toEqual(['c_scale,w_100', 'w_200']);
    expect(await api.resources_by_tag('sale')).toMatchObject({ resources: [{ public_id: 'folder/shoe é' }] });
    expect(await api.resources({ type: 'upload', prefix: 'folder/' })).toMatchObject({ resources: [{ bytes: 14 }] });
    expect(await api.resources_by_ids(['folder/shoe é', 'x'])).toMatchObject({ resources: [{ type: 'upload' }] });
    expect(await api.usage()).toMatchObject({ resources: 1, derived_resources: 2, rate_limit_allowed: 500 });
    expect(await api.ping()).toMatchObject({ status: 'ok' });
  });

  it('uploads without a public id, into a folder, and from a file', async () => {
    const made = (await sdk.uploader.upload(PIXEL)) as unknown as Answer;
    const folder = (await sdk.uploader.upload(PIXEL, { folder: 'f', public_id: 'a' })) as unknown as Answer;
    const inFolder = (await sdk.uploader.upload(PIXEL, { folder: 'f/g' })) as unknown as Answer;
    const file = (await sdk.uploader.upload(__filename, { public_id: 'b', resource_type: 'raw' })) as unknown as Answer;

    expect(made.public_id).toMatch(/^[0-9a-f]{20}$/);
    expect(inFolder.public_id).toMatch(/^f\/g\/[0-9a-f]{20}$/);
    expect([folder.public_id, file.resource_type]).toEqual(['f/a', 'raw']);
    expect(file.bytes).toBeGreaterThan(1_000);
  });

  it('deletes by asset ids', async () => {
    const { asset_id: assetId } = await upload('shoe');

    const answer = await api.delete_resources_by_asset_ids([assetId, 'x'], { keep_original: true });

    expect(answer).toMatchObject({
      deleted: { x: 'not_found' },
      deleted_counts: { [String(assetId)]: { derived: 2 } },
    });
    expect(await derivedOf('shoe')).toEqual([]);
  });

  it('derives by explicit, also what is fetched from another network', async () => {
    await upload('shoe', { eager: [] });

    await sdk.uploader.explicit('shoe', { type: 'upload', eager: [{ width: 50 }] });
    await sdk.uploader.explicit('zuck', { type: 'facebook', eager: [{ width: 50 }] });

    expect(await derivedOf('shoe')).toEqual(['w_50']);
    expect(await derivedOf('zuck', { type: 'facebook' })).toEqual(['w_50']);
  });

  it('deletes derived ones one by one', async () => {
    const { eager } = (await upload('shoe')) as { eager: { id: string }[] };

    const answer = await api.delete_derived_resources([eager[0]?.id, 'nothing']);

    expect(answer).toMatchObject({ deleted: { [eager[0]?.id ?? '']: 'deleted', nothing: 'not_found' } });
    expect(await derivedOf('shoe')).toEqual(['w_200']);
  });

  it('deletes by ids, by prefix, by tag and all, keeping the originals', async () => {
    for (const id of ['a/1', 'a/2', 'b']) await upload(id, { tags: [id.slice(0, 1)] });

    expect(await api.delete_resources(['a/1', 'x'], { keep_original: true })).toMatchObject({
      deleted: { x: 'not_found' },
      deleted_counts: { 'a/1': { original: 0, derived: 2 }, x: { original: 0, derived: 0 } },
      partial: false,
      rate_limit_allowed: 500,
    });
    await api.delete_resources_by_prefix('a/', { keep_original: true });
    expect([await derivedOf('a/2'), await derivedOf('b')]).toEqual([[], ['c_scale,w_100', 'w_200']]);
    await api.delete_resources_by_tag('b', { keep_original: true });
    expect(await derivedOf('b')).toEqual([]);
    expect(await api.usage()).toMatchObject({ resources: 3, derived_resources: 0 });
  });

  it('pages by cursor, and only forward with it', async () => {
    for (const id of ['1', '2', '3', '4']) await upload(id);

    const first = await api.delete_all_resources({ keep_original: true });
    const again = await api.delete_all_resources({ keep_original: true });
    const rest = await api.delete_all_resources({ keep_original: true, next_cursor: first.next_cursor });

    expect([first.partial, Object.keys(again.deleted as Answer), Object.keys(rest.deleted as Answer)]).toEqual([
      true,
      ['1', '2', '3'],
      ['4'],
    ]);
    await expect(api.delete_all_resources({ keep_original: true, next_cursor: 'f00d' })).rejects.toMatchObject({
      error: { http_code: 400 },
    });
  });

  it('deletes some transformations, by the path whose slashes it encodes', async () => {
    await upload('shoe');

    await api.delete_derived_by_transformation(['shoe'], [{ width: 200 }]);
    expect(await derivedOf('shoe')).toEqual(['c_scale,w_100']);

    expect(await api.transformations()).toMatchObject({ transformations: [{ name: 'c_scale,w_100' }] });
    expect(await api.transformation('c_scale,w_100')).toMatchObject({ derived: [{ public_id: 'shoe' }] });
    await api.delete_transformation('c_scale,w_100');
    expect(await derivedOf('shoe')).toEqual([]);
  });

  it('destroys an original by the signed call, outside the hourly limit, and has the copies forgotten', async () => {
    await upload('shoe & boot');
    const before = account.model.quota.view().remaining;

    expect(await sdk.uploader.destroy('shoe & boot', { invalidate: true })).toEqual({ result: 'ok' });
    expect(await sdk.uploader.destroy('shoe & boot')).toEqual({ result: 'not found' });

    expect(account.model.quota.view().remaining).toBe(before);
    const { invalidations } = (await (await fetch(`${account.server.url}/_invalidations`)).json()) as Answer;
    expect(invalidations).toMatchObject([{ publicId: 'shoe & boot', type: 'upload' }]);
  });

  it('is refused with other credentials, and for an unknown path', async () => {
    await expect(api.ping({ api_secret: 'wrong' })).rejects.toMatchObject({ error: { http_code: 401 } });
    await expect(sdk.uploader.destroy('shoe', WRONG)).rejects.toMatchObject({ http_code: 401 });
    await expect(api.ping({ cloud_name: 'other' })).rejects.toMatchObject({ error: { http_code: 401 } });
    await expect(api.delete_folder('a')).rejects.toMatchObject({ error: { http_code: 404 } });
  });
});

describe('what the official library may be led into (and our client never is)', () => {
  it.each<[string, () => Promise<unknown> | undefined, string[]]>([
    [
      'transformations as objects: the field is empty, and the original goes',
      () => api.delete_resources(['keep'], { transformations: { width: 100 } }),
      ['other'],
    ],
    ['an empty prefix matches everything', () => api.delete_resources_by_prefix(''), []],
    [
      'a flag that is undefined is no flag',
      () => api.delete_resources(['keep'], { keep_original: undefined }),
      ['other'],
    ],
    [
      'invalidation of derived ones is dropped',
      async () => {
        const { derived } = (await api.resource('keep')) as { derived: { id: string }[] };
        return api.delete_derived_resources([derived[0]?.id], { invalidate: true });
      },
      ['keep', 'other'],
    ],
  ])('%s', async (_case, act, left) => {
    for (const id of ['keep', 'other']) await upload(id);
    const before = account.model.invalidations.length;

    await act();

    const { resources } = (await api.resources({ type: 'upload' })) as { resources: { public_id: string }[] };
    expect(resources.map(({ public_id }) => public_id)).toEqual(left);
    expect(account.model.invalidations).toHaveLength(before);
  });

  it('a timeout does not end a call', async () => {
    account.server.faults.add({ method: 'Ping', code: 0, delayMs: 300 });
    const began = performance.now();

    await expect(api.ping({ timeout: 20 })).resolves.toMatchObject({ status: 'ok' });
    expect(performance.now() - began).toBeGreaterThan(250);
  });

  it('an error holds the secret in clear', async () => {
    const error: unknown = await api.resource('nobody').catch((thrown: unknown) => thrown);

    expect(JSON.stringify(error)).toContain(CREDENTIALS.secret);
  });
});

describe('the hourly limit', () => {
  let small: CloudinaryServer;

  afterEach(() => small.close());

  it('stands in the headers of each answer, ends in 420 with its sentence, and begins anew with the hour', async () => {
    const { model, clock, setNow } = createAccount({ callsPerWindow: 2 });
    small = await startCloudinaryServer({ model, clock, port: 0, host: '127.0.0.1', credentials: CREDENTIALS });
    const other = { upload_prefix: small.url };

    const first = await api.ping(other);
    await api.ping(other);
    const refused = api.ping(other);

    expect(first).toMatchObject({ rate_limit_allowed: 2, rate_limit_remaining: 1 });
    expect(first.rate_limit_reset_at).toEqual(new Date('2026-11-22T09:00:00Z'));
    await expect(refused).rejects.toMatchObject({
      error: {
        http_code: 420,
        message: 'Rate Limit Exceeded. Limit of 2 api operations reached. Try again on 2026-11-22 09:00:00 UTC',
      },
    });
    setNow(Date.parse('2026-11-22T09:00:00Z'));
    expect(await api.ping(other)).toMatchObject({ rate_limit_remaining: 1 });
  });
});
