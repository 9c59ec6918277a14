import { imageLine } from './imageLine';
import { IMAGES, type LocalSystem, startLocalSystem } from './localSystem';

jest.setTimeout(120_000);

type Sdk = typeof import('cloudinary').v2;
type Resource = { derived: { transformation: string }[] };

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';

describe('derived images on the wire, filled and looked at by the official library', () => {
  let system: LocalSystem;
  let sdk: Sdk;

  beforeAll(async () => {
    system = await startLocalSystem({
      LOCAL_TICK_SECONDS: '0.5',
      LOCAL_CLOUDINARY_CALLS: '12',
      LOCAL_CLOUDINARY_WINDOW_SECONDS: '3',
      DERIVED_CALLS_RESERVE: '6',
    });
    // Loaded only now: the library reads CLOUDINARY_URL once.
    sdk = (await import('cloudinary')).v2;
  });

  afterAll(() => system.stop());

  async function upload(publicId: string): Promise<void> {
    await sdk.uploader.upload(PIXEL, { public_id: publicId, eager: [{ width: 100 }, { width: 200 }] });
  }

  async function derivedOf(publicId: string): Promise<number> {
    // The library's own calls count against the hour, too: where it is used up, the next one begins soon.
    for (;;) {
      try {
        const found: unknown = await sdk.api.resource(publicId);
        return (found as Resource).derived.length;
      } catch (error) {
        if ((error as { error?: { http_code?: number } }).error?.http_code !== 420) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  it('go with the product and its image file: one event counts all three', async () => {
    const uri = await system.image('shoes/red.png');
    await system.events.ended(await system.drop('red.csv', imageLine({ uri, productId: 'p-red' })));
    await upload('shoes/red');
    await upload('shoes/blue');

    const event = await system.command({
      requestId: 'red',
      command: 'deleteProduct',
      productId: 'p-red',
      imageFiles: 'removeUnlessUsedByProduct',
      derived: { keepOriginal: true },
    });

    expect(event.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 1, referenceImages: 1, imageFilesRemoved: 1, derived: 2, originals: 0 },
    });
    expect(await system.names(IMAGES)).toEqual([]);
    expect([await derivedOf('shoes/red'), await derivedOf('shoes/blue')]).toEqual([0, 2]);
  });

  it('wait for the next window where the calls are used up, and end by themselves', async () => {
    const publicIds = Array.from({ length: 1_000 }, (_, index) => `none-${index}`);
    publicIds[999] = 'shoes/blue';

    const event = await system.command({
      requestId: 'many',
      command: 'deleteDerivedResources',
      select: { publicIds },
      keepOriginal: true,
    });

    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { originals: 0, derived: 2, notFound: 999 } });
    expect((await system.events.waiting('cmd-many')).data).toMatchObject({ waitingFor: 'quota' });
    expect(await derivedOf('shoes/blue')).toBe(0);
  });
});
