/** Hostile messages on the commands and continuations topics. */
import { messageOf, postPush } from '../deliveries';
import { rawRequest } from '../rawRequest';
import { binaryHeaders, type HostileCase, JSON_BODY, ODD_IDS } from './hostileCase';

const PUSH = 'product-search-commands-push';
const DELETE = { command: 'deleteProduct', productId: 'p' };

const BROKEN_PUSHES = [
  ['JSON that breaks off', 'application/json', '{"message":'],
  ['text', 'application/json', '"delete everything"'],
  ['a list', 'application/json', `[{"message":{"messageId":"1"}}]`],
  ['plain text', 'text/plain', JSON.stringify(DELETE)],
  ['a web form', 'application/x-www-form-urlencoded', 'message[messageId]=1&message[data]=e30&subscription=x'],
  ['a bare command', 'application/json', JSON.stringify(DELETE)],
  [
    'a CloudEvent in structured mode',
    'application/cloudevents+json',
    JSON.stringify({
      specversion: '1.0',
      id: '1',
      type: 'google.cloud.pubsub.topic.v1.messagePublished',
      source: '//pubsub.googleapis.com/projects/local-project/topics/product-search-commands',
      data: { message: messageOf('1', DELETE), subscription: `projects/local-project/subscriptions/${PUSH}` },
    }),
  ],
  [
    'a legacy event',
    'application/json',
    JSON.stringify({
      context: {
        eventId: '1',
        eventType: 'google.pubsub.topic.publish',
        resource: { service: 'pubsub.googleapis.com' },
      },
      data: { '@type': 'type.googleapis.com/google.pubsub.v1.PubsubMessage', data: messageOf('1', DELETE).data },
    }),
  ],
  [
    'a message id without end',
    'application/json',
    JSON.stringify({
      message: messageOf('9'.repeat(100_000), DELETE),
      subscription: `projects/local-project/subscriptions/${PUSH}`,
    }),
  ],
] as const;

export function hostileCommands(given: () => HostileCase): void {
  it('with an id of dots or a path is refused by name, and one with any other odd id deletes exactly that product', async () => {
    const { system, line, ended } = given();
    await ended('odd.csv', ODD_IDS.map((id) => line({ productId: id, productSetId: 'odd' })).join(''));
    for (const productId of ['.', '..', 'projects/other/locations/us-west1/products/p', 'a\nb']) {
      const { data } = await system.events.rejected(await system.publish({ command: 'deleteProduct', productId }));
      expect(data.problems).toMatchObject([{ code: 'invalid-value', field: 'productId' }]);
    }
    for (const [index, productId] of ODD_IDS.entries()) {
      const { data } = await system.command({ requestId: `odd-${index}`, command: 'deleteProduct', productId });
      expect(data).toMatchObject({ outcome: 'succeeded', counts: { products: 1 } });
      const left = ODD_IDS.slice(index + 1).sort();
      expect((await system.content().productsIn('odd')).sort()).toEqual(left);
    }
  });

  it.each([
    ['projects/other-project/subscriptions/product-search-commands-push', 403],
    ['projects/local-project/subscriptions/product-search-continuations-push', 403],
    ['projects/local-project-2/subscriptions/product-search-commands-push', 403],
    ['projects/local-project/subscriptions/product-search-commandsx', 403],
    ['projects/other/../local-project/subscriptions/product-search-commands-push', 400],
  ])('that claims to come from %s is refused: %d', async (subscription, status) => {
    const { urlOf, requests } = given();
    const before = await requests();
    const body = JSON.stringify({
      message: messageOf('990001', { command: 'deleteProduct', productId: 'p' }),
      subscription,
    });
    const answer = await rawRequest(urlOf('runCommand'), { method: 'POST', headers: JSON_BODY, body });

    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      status,
      { error: expect.stringContaining('ubscription') },
    ]);
    expect(await requests()).toEqual(before);
  });

  it.each(BROKEN_PUSHES)('in the form of %s is refused, without a stack', async (_form, contentType, body) => {
    const { urlOf, requests } = given();
    const before = await requests();
    const answer = await rawRequest(urlOf('runCommand'), {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ error: expect.stringMatching(/push body|body cannot be read/) });
    expect(answer.body).not.toMatch(/node_modules|\bat /);
    expect(await requests()).toEqual(before);
  });

  it('that cannot be read stands in the log', async () => {
    const { urlOf, logged } = given();
    await rawRequest(urlOf('runCommand'), { method: 'POST', headers: JSON_BODY, body: '{' });
    const line = await logged('runCommand', 'refused: cannot be read', /body/);

    expect(line).toMatchObject({ severity: 'WARNING', status: 400 });
  });

  it('is obeyed in binary mode, too, where the body is the same', async () => {
    const { system, urlOf } = given();
    const message = messageOf('990002', { command: 'deleteProduct', productId: 'nobody', requestId: 'binary' });
    const subscription = `projects/local-project/subscriptions/${PUSH}`;
    const headers = binaryHeaders('google.cloud.pubsub.topic.v1.messagePublished', '//pubsub.googleapis.com/x');
    const answer = await rawRequest(urlOf('runCommand'), {
      method: 'POST',
      headers,
      body: JSON.stringify({ message, subscription }),
    });

    expect(answer.status).toBe(204);
    expect((await system.events.ended('cmd-binary')).data.counts).toMatchObject({ alreadyAbsent: 1 });
  });

  it('in a continuation goes nowhere: a path is no request id', async () => {
    const { urlOf, requests } = given();
    const before = await requests();
    for (const requestId of ['../../reservations/us-west1', 'cmd-x/../y', '__proto__', { id: 1 }]) {
      const message = messageOf('990003', { requestId });
      expect(await postPush(urlOf('continueRequest'), message, 'product-search-continuations-push')).toBe(204);
    }

    expect(await requests()).toEqual(before);
  });
}
