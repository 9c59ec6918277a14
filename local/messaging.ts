/**
 * The topics and subscriptions of the contract, as Terraform makes them in a project. Over the wire: Pub/Sub may be the
 * local service or another one, such as Google's emulator.
 */
import { DEAD_LETTERS } from './services';
import type { Settings } from './settings';

/** As many as Pub/Sub allows: with back-off, ten would be over in minutes. */
const DELIVERY_ATTEMPTS = 100;

export function createMessaging(host: string, settings: Settings) {
  const project = `projects/${settings.GOOGLE_CLOUD_PROJECT}`;
  const topicName = (id: string) => `${project}/topics/${id}`;

  async function call(method: 'PUT' | 'POST', path: string, body: object): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`http://${host}/v1/${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (response.ok || response.status === 409) return response.status;
    throw new Error(`Pub/Sub on ${host} refused ${method} ${path} with ${response.status}: ${text}`);
  }

  /** One that is there already, from an earlier start, is left and gets the new endpoint. */
  async function subscription(id: string, topic: string, wanted: { pushConfig?: object; [field: string]: unknown }) {
    const name = `${project}/subscriptions/${id}`;
    const status = await call('PUT', name, { topic: topicName(topic), ...wanted });
    if (status !== 409 || wanted.pushConfig === undefined) return;
    await call('POST', `${name}:modifyPushConfig`, { pushConfig: wanted.pushConfig });
  }

  return {
    /** The topics, and the pull subscriptions on events and dead letters. */
    async createTopics(): Promise<void> {
      const { COMMANDS_TOPIC, EVENTS_TOPIC, CONTINUATIONS_TOPIC } = settings;
      for (const id of [COMMANDS_TOPIC, EVENTS_TOPIC, CONTINUATIONS_TOPIC, DEAD_LETTERS]) {
        await call('PUT', topicName(id), {});
      }
      await subscription(`${EVENTS_TOPIC}-pull`, EVENTS_TOPIC, { ackDeadlineSeconds: 60 });
      await subscription(`${DEAD_LETTERS}-pull`, DEAD_LETTERS, { ackDeadlineSeconds: 60 });
    },

    /** A push subscription named after its topic. */
    async pushTo(topic: string, url: string): Promise<void> {
      await subscription(`${topic}-push`, topic, {
        pushConfig: { pushEndpoint: url },
        ackDeadlineSeconds: 600,
        retryPolicy: { minimumBackoff: '1s', maximumBackoff: '60s' },
        deadLetterPolicy: { deadLetterTopic: topicName(DEAD_LETTERS), maxDeliveryAttempts: DELIVERY_ATTEMPTS },
      });
    },
  };
}
