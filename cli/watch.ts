/** `watch`: the events as they are published, through a subscription of its own that goes with it. */
import type { Message, PubSub } from '@google-cloud/pubsub';
import type { Config } from '../shared/config';
import { eventRow } from '../shared/console/eventRow';
import { readArguments } from './options';
import { connectPubsub } from './pubsub';
import { configOf } from './system';
import { EXIT, print, type Terminal, UsageError } from './terminal';

const HELP = `Usage: product-search-cleanup watch [REQUEST]

Shows events as they come, until Ctrl-C; with REQUEST only its own, until its last.

  --json   one CloudEvent a line, in structured mode

It reads through a subscription of its own, which is deleted at the end; where that is not possible, Pub/Sub deletes
it after a day. Events of before are in the state bucket under events/, and in the console.
`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const DAY_SECONDS = 86_400;
const KEPT_SECONDS = 600;

export async function watch(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments('watch', args, OPTIONS);
  if (values.help) {
    await print(terminal.stdout, HELP);
    return EXIT.clean;
  }
  if (positionals.length > 1) throw new UsageError('watch takes one REQUEST');
  const config = configOf(terminal.env);
  const pubsub = connectPubsub(config);
  try {
    return await show({ pubsub, config, terminal, isJson: values.json, requestId: positionals[0] });
  } finally {
    await pubsub.close();
  }
}

interface Watch {
  pubsub: PubSub;
  config: Config;
  terminal: Terminal;
  isJson: boolean;
  requestId?: string;
}

async function show({ pubsub, config, terminal, isJson, requestId }: Watch): Promise<number> {
  const id = `${config.eventsTopic}-watch-${crypto.randomUUID().slice(0, 8)}`;
  const [subscription] = await pubsub.topic(config.eventsTopic).createSubscription(id, {
    expirationPolicy: { ttl: { seconds: DAY_SECONDS } },
    messageRetentionDuration: { seconds: KEPT_SECONDS },
  });
  const told = new Set<string>();
  try {
    await print(terminal.stderr, `watching ${config.eventsTopic}; Ctrl-C ends it\n`);
    return await new Promise<number>((resolve, reject) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(EXIT.clean));
      subscription.on('error', reject);
      subscription.on('message', (message: Message) => {
        message.ack();
        const event = structured(message);
        if (told.has(event.id) || (requestId !== undefined && event.subject !== `requests/${requestId}`)) return;
        told.add(event.id);
        const line = isJson ? `${JSON.stringify(event)}\n` : eventText(event);
        print(terminal.stdout, line).catch(reject);
        if (requestId !== undefined && event.type.endsWith('.completed.v1')) resolve(EXIT.clean);
      });
    });
  } finally {
    await subscription.close();
    await subscription.delete();
  }
}

/** From binary mode, as it is published, to structured mode. */
function structured({ attributes, data }: Message) {
  const of = (name: string) => attributes[`ce-${name}`] ?? '';
  return {
    specversion: of('specversion'),
    id: of('id'),
    type: of('type'),
    source: of('source'),
    subject: of('subject'),
    time: of('time'),
    datacontenttype: attributes['content-type'] ?? '',
    data: JSON.parse(data.toString('utf8')) as unknown,
  };
}

function eventText(event: ReturnType<typeof structured>): string {
  const row = eventRow(event, '');
  const about = event.subject.replace(/^(?:requests|messages)\//, '');
  return `${event.time}  ${about}  ${row === null ? event.type : `${row.title}: ${row.summary}`}\n`;
}
