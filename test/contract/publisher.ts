import type { Publisher } from '../../shared/ports';

export interface PublisherUnderTest {
  publisher: Publisher;
  /** What the topic `events` has accepted so far, oldest first. */
  accepted(): { id: string; data: Buffer; attributes: Record<string, string> }[];
  close(): Promise<void>;
}

/** What the engine may expect of a publisher; the topic `events` exists, `nowhere` does not. */
export function testPublisher(name: string, make: () => Promise<PublisherUnderTest>): void {
  describe(`publisher: ${name}`, () => {
    let made: PublisherUnderTest;

    beforeAll(async () => {
      made = await make();
    });

    afterAll(() => made.close());

    test('resolves with the id of an accepted message, whose data and attributes are unchanged', async () => {
      const data = Buffer.from([0, 255, 123, 34]);
      const attributes = { 'ce-type': 'product-search.import.completed.v1', empty: '', 'ce-subject': 'requests/é' };

      const id = await made.publisher.publish('events', { data, attributes });

      expect(made.accepted().at(-1)).toEqual({ id, data, attributes });
    });

    test('gives each message an id of its own, also to equal ones published at once', async () => {
      const message = { data: Buffer.from('same'), attributes: {} };

      const ids = await Promise.all(Array.from({ length: 20 }, () => made.publisher.publish('events', message)));

      expect(new Set(ids).size).toBe(20);
    });

    test('publishes a message of 5 MB', async () => {
      const data = Buffer.alloc(5_000_000, 7);

      await made.publisher.publish('events', { data, attributes: {} });

      expect(made.accepted().at(-1)?.data.equals(data)).toBe(true);
    });

    test('throws NOT_FOUND for a topic that does not exist', async () => {
      const publishing = made.publisher.publish('nowhere', { data: Buffer.from('x'), attributes: {} });

      await expect(publishing).rejects.toMatchObject({
        name: 'ServiceError',
        call: 'Publisher.Publish',
        status: 'NOT_FOUND',
        message: expect.stringContaining('Resource not found (resource=nowhere).'),
      });
    });

    test('throws INVALID_ARGUMENT for an empty message, without harm to one published with it', async () => {
      const empty = made.publisher.publish('events', { data: Buffer.alloc(0), attributes: {} });
      const full = made.publisher.publish('events', { data: Buffer.from('x'), attributes: {} });

      await expect(empty).rejects.toMatchObject({ status: 'INVALID_ARGUMENT', faultClass: 'permanent' });
      expect(await full).toMatch(/^\d+$/);
    });
  });
}
