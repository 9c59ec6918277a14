/** `delete`, `purge`, `restore`, `sweep`, `cancel` and `send`: one command on the commands topic, judged before it is published. */
import { text } from 'node:stream/consumers';
import { commandDigest, parseCommand } from '../shared/core/command';
import { commandRequestId } from '../shared/core/names';
import { COMMAND_OPTIONS, commandOf, type Fields } from './commandForms';
import { follow, problemLines } from './follow';
import { readArguments } from './options';
import { REQUEST_HELP } from './requestHelp';
import { type System, withSystem } from './system';
import { EXIT, print, type Terminal, UsageError } from './terminal';

const OPTIONS = {
  ...COMMAND_OPTIONS,
  wait: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The verb as a command of the program. */
export function requestCommand(verb: keyof typeof REQUEST_HELP) {
  return async (args: string[], terminal: Terminal): Promise<number> => {
    const { values, positionals } = readArguments(verb, args, OPTIONS);
    if (values.help === true) {
      await print(terminal.stdout, REQUEST_HELP[verb]);
      return EXIT.clean;
    }
    return withSystem(terminal.env, async (system) => {
      const command =
        verb === 'send'
          ? await typed(positionals, terminal)
          : commandOf(verb, positionals, values, system.config.stateBucket);
      return ask(command, { isJson: values.json === true, isWaiting: values.wait === true }, system, terminal);
    });
  };
}

async function typed(words: string[], terminal: Terminal): Promise<Fields> {
  if (words.length !== 1) throw new UsageError('send takes one JSON object, or - for standard input');
  const source = words[0] === '-' ? await text(terminal.stdin) : (words[0] ?? '');
  try {
    return JSON.parse(source) as Fields;
  } catch (error) {
    throw new UsageError(`this is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Publishes the command under a request id that is known beforehand, so that it can be followed, and done once however
 * often it is published. What the functions would refuse is refused here, before anything is sent.
 */
async function ask(
  given: Fields,
  { isJson, isWaiting }: { isJson: boolean; isWaiting: boolean },
  system: System,
  terminal: Terminal,
): Promise<number> {
  const requestId = given.requestId ?? `cli-${system.entropy.nonce().slice(0, 16)}`;
  const data = Buffer.from(JSON.stringify({ ...given, requestId }));
  const parsed = parseCommand(data, { maxProductsCeiling: system.config.maxProductsCeiling });
  if (!parsed.ok) {
    await print(terminal.stderr, `product-search-cleanup: this is no command\n${problemLines(parsed.problems)}`);
    return EXIT.trouble;
  }
  const messageId = await published(data, String(requestId), system);
  const id = commandRequestId({ requestId: String(requestId), messageId });
  if (isWaiting) return follow({ id, messageId, digest: commandDigest(parsed.command) }, system, terminal, isJson);
  const line = isJson ? JSON.stringify({ requestId: id, messageId }) : `${id}: published as message ${messageId}`;
  await print(terminal.stdout, `${line}\n`);
  return EXIT.clean;
}

async function published(data: Buffer, requestId: string, { publisher, config }: System): Promise<string> {
  try {
    return await publisher.publish(config.commandsTopic, { data, attributes: {} });
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    const again = `the same command with --request-id ${requestId} is done once, however often it is sent`;
    throw new UsageError(`whether the command was published is not known: ${fault}; ${again}`, { cause: error });
  }
}
