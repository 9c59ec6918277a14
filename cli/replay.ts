/** `replay`: shows dead letters and publishes them again where they came from; one is acknowledged only after that. */
import type { PubSub, v1 } from '@google-cloud/pubsub';
import type { Config } from '../shared/config';
import { parseCommand } from '../shared/core/command';
import { acknowledge, type DeadLetter, lease, pullDeadLetters, topicOf } from './deadLetters';
import { readArguments, wholeNumber } from './options';
import { connectPubsub, connectSubscriber } from './pubsub';
import { configOf } from './system';
import { EXIT, print, type Terminal, UsageError } from './terminal';

const SUBSCRIPTION = 'product-search-dead-letters-pull';
const SHOWN_CHARACTERS = 500;

const HELP = `Usage: product-search-cleanup replay [OPTION…] [MESSAGE_ID…]

Shows the messages that were given up after too many tries, and publishes them again on the topic that they came from;
with MESSAGE_IDs only those. Each is taken from the dead letters once it is published. Mend the cause first.

  --dry-run            only show them
  --discard            drop the MESSAGE_IDs instead of publishing them
  --subscription NAME  default ${SUBSCRIPTION}
  --seconds N          until nothing new has come for so long (default 5)
  --json               one JSON object a message, for programs

A command that brings no requestId of its own gets one from its message id (replay-…), so that a message that is
published twice is done once.

Exit status: 0 · 1 a message could not be published again and is still there · 2 nothing could be read.
`;

const OPTIONS = {
  'dry-run': { type: 'boolean', default: false },
  discard: { type: 'boolean', default: false },
  subscription: { type: 'string', default: SUBSCRIPTION },
  seconds: { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Fate = 'shown' | 'replayed' | 'discarded' | 'left';

interface Replay {
  pubsub: PubSub;
  client: v1.SubscriberClient;
  config: Config;
  subscription: string;
  waitMs: number;
  act: 'show' | 'publish' | 'discard';
}

export async function replay(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals: ids } = readArguments('replay', args, OPTIONS);
  if (values.help) {
    await print(terminal.stdout, HELP);
    return EXIT.clean;
  }
  if (values.discard && ids.length === 0) throw new UsageError('--discard takes the MESSAGE_IDs that are to go');
  const waitMs = 1_000 * wholeNumber('--seconds', values.seconds, 1);
  const config = configOf(terminal.env);
  const [pubsub, client] = [connectPubsub(config), connectSubscriber(config)];
  const subscription = `projects/${config.projectId}/subscriptions/${values.subscription}`;
  const act = values['dry-run'] ? 'show' : values.discard ? 'discard' : 'publish';
  try {
    return await replayAll({ pubsub, client, config, subscription, waitMs, act }, new Set(ids), terminal, values.json);
  } finally {
    await Promise.all([pubsub.close(), client.close()]);
  }
}

async function replayAll(run: Replay, ids: ReadonlySet<string>, terminal: Terminal, isJson: boolean): Promise<number> {
  const { client, subscription, waitMs } = run;
  const pulled = await pullDeadLetters(client, subscription, { now: Date.now(), waitMs });
  const chosen = pulled.filter(({ messageId }) => ids.size === 0 || ids.has(messageId));
  const fates = new Map<DeadLetter, Fate>();
  try {
    for (const letter of chosen) {
      const { fate, topic, fault } = await settle(letter, run);
      fates.set(letter, fate);
      await print(
        terminal.stdout,
        isJson ? rowJson(letter, { fate, topic, fault }) : rowText(letter, { fate, topic, fault }),
      );
    }
  } finally {
    const back = pulled.filter((letter) => !['replayed', 'discarded'].includes(fates.get(letter) ?? 'left'));
    await lease(client, subscription, back, 0);
  }
  const missing = [...ids].filter((id) => !chosen.some(({ messageId }) => messageId === id));
  for (const id of missing) await print(terminal.stderr, `product-search-cleanup: there is no dead letter ${id}\n`);
  if (!isJson) await print(terminal.stdout, summary([...fates.values()]));
  return missing.length > 0 || [...fates.values()].includes('left') ? EXIT.findings : EXIT.clean;
}

/** One message; a fault leaves it where it is, and the others go on. */
async function settle(letter: DeadLetter, run: Replay): Promise<{ fate: Fate; topic: string | null; fault?: string }> {
  const { client, subscription, act } = run;
  const topic = letter.source === null ? null : await topicOf(client, letter.source);
  if (act === 'show') return { fate: 'shown', topic };
  if (act === 'publish' && topic === null) {
    return { fate: 'left', topic, fault: 'the topic that it came from is not known any more' };
  }
  try {
    if (topic !== null && act === 'publish') await publishAgain(letter, topic, run);
    await acknowledge(client, subscription, letter);
    return { fate: act === 'publish' ? 'replayed' : 'discarded', topic };
  } catch (error) {
    return { fate: 'left', topic, fault: error instanceof Error ? error.message : String(error) };
  }
}

async function publishAgain(letter: DeadLetter, topic: string, { pubsub, config }: Replay): Promise<void> {
  const isCommand = topic.endsWith(`/topics/${config.commandsTopic}`);
  const data = isCommand ? withRequestId(letter) : letter.data;
  const { attributes, orderingKey } = letter;
  const to = pubsub.topic(topic, { batching: { maxMessages: 1 }, messageOrdering: orderingKey !== '' });
  await to.publishMessage({ data, attributes, ...(orderingKey === '' ? {} : { orderingKey }) });
}

/**
 * Publishing and acknowledging are two calls: whoever dies between them publishes the message a second time. Only a valid
 * command is touched, and only at its beginning; everything else is judged as it was written.
 */
function withRequestId({ data, messageId }: DeadLetter): Buffer {
  const parsed = parseCommand(data);
  if (!parsed.ok || parsed.command.requestId !== undefined || !/^[A-Za-z0-9_-]{1,57}$/.test(messageId)) return data;
  const text = data.toString('utf8');
  const begin = text.indexOf('{') + 1;
  return Buffer.from(`${text.slice(0, begin)}"requestId":"replay-${messageId}",${text.slice(begin)}`);
}

interface Told {
  fate: Fate;
  topic: string | null;
  fault?: string;
}

function rowText(letter: DeadLetter, { fate, topic, fault }: Told): string {
  const text = letter.data.toString('utf8');
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  const why = fault === undefined ? '' : `: ${fault}`;
  const from = topic?.split('/').at(-1) ?? 'an unknown topic';
  const published = letter.firstPublishedAt || new Date(letter.publishedAt).toISOString();
  const tries = letter.attempts === 1 ? '1 try' : `${letter.attempts} tries`;
  return `${letter.messageId}: ${fate}${why}\n  from ${from}, published ${published}, given up after ${tries}\n  ${JSON.stringify(shown)}\n`;
}

function rowJson({ ackId: _ackId, data, ...letter }: DeadLetter, told: Told): string {
  return `${JSON.stringify({ ...letter, ...told, data: data.toString('base64') })}\n`;
}

function summary(fates: readonly Fate[]): string {
  const counts = (['shown', 'replayed', 'discarded', 'left'] as const)
    .map((fate) => [fates.filter((one) => one === fate).length, fate] as const)
    .filter(([count]) => count > 0);
  return counts.length === 0
    ? 'no dead letters\n'
    : `${counts.map(([count, fate]) => `${count} ${fate}`).join(', ')}\n`;
}
