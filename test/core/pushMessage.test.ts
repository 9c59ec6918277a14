import { InvalidEventError } from '../../shared/core/errors';
import { parsePushMessage } from '../../shared/core/pushMessage';

const SUBSCRIPTION = 'projects/p/subscriptions/product-search-commands';

describe('parsePushMessage', () => {
  it('reads a real body, which says some things twice', () => {
    const body = {
      deliveryAttempt: 3,
      message: {
        attributes: { origin: 'test' },
        data: Buffer.from('{"ü":1}').toString('base64'),
        messageId: '136969346945',
        message_id: '136969346945',
        publishTime: '2026-11-22T10:00:00.1Z',
        publish_time: '2026-11-22T10:00:00.1Z',
      },
      subscription: SUBSCRIPTION,
    };

    expect(parsePushMessage(body)).toEqual({
      messageId: '136969346945',
      publishTime: '2026-11-22T10:00:00.1Z',
      attributes: { origin: 'test' },
      data: Buffer.from('{"ü":1}'),
      subscription: SUBSCRIPTION,
      deliveryAttempt: 3,
    });
  });

  it('reads a message of attributes only, and the names of older senders', () => {
    const body = { message: { message_id: '1', attributes: { a: 'b' } }, subscription: SUBSCRIPTION };

    expect(parsePushMessage(body)).toEqual({
      messageId: '1',
      publishTime: '',
      attributes: { a: 'b' },
      data: Buffer.alloc(0),
      subscription: SUBSCRIPTION,
    });
  });

  it.each([
    [undefined, 'the body'],
    ['text', 'the body'],
    [{}, 'message'],
    [{ message: { messageId: '1' } }, 'subscription'],
    [{ message: { messageId: '1' }, subscription: 'commands' }, 'subscription'],
    [{ message: {}, subscription: SUBSCRIPTION }, 'message.messageId'],
    [{ message: { messageId: '1', data: 'a b' }, subscription: SUBSCRIPTION }, 'message.data'],
    [{ message: { messageId: '1', data: { secret: 1 } }, subscription: SUBSCRIPTION }, 'message.data'],
  ])('refuses %j and names the field', (body, field) => {
    expect(() => parsePushMessage(body)).toThrow(InvalidEventError);
    expect(() => parsePushMessage(body)).toThrow(field);
    expect(() => parsePushMessage(body)).not.toThrow('secret');
  });
});
