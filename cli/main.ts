/** `product-search-cleanup`: finds the command and runs it. What is wrong with the command line is said in one line. */
import { version } from '../package.json';
import { ServiceError } from '../shared/core/errors';
import { EXIT, print, type Terminal, UsageError } from './terminal';

const NAME = 'product-search-cleanup';

type Command = (args: string[], terminal: Terminal) => Promise<number>;

const request = (verb: 'delete' | 'purge' | 'restore' | 'sweep' | 'cancel' | 'send') => async () =>
  (await import('./request')).requestCommand(verb);

/** Each is loaded when it is asked for: the clients of the cloud are none of `lint`'s business. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  lint: async () => (await import('./lint')).lint,
  drop: async () => (await import('./drop')).drop,
  delete: request('delete'),
  purge: request('purge'),
  restore: request('restore'),
  sweep: request('sweep'),
  cancel: request('cancel'),
  send: request('send'),
  status: async () => (await import('./status')).status,
  watch: async () => (await import('./watch')).watch,
  replay: async () => (await import('./replay')).replay,
};

const HELP = `Usage: ${NAME} COMMAND

Commands:
  lint [FILE…]       check CSV files for an import, before they are dropped
  drop FILE…         put CSV files into intake, once they are in order
  delete … · purge … delete products, images and sets; purge a set or the orphans
  restore SNAPSHOT   undo a purge or bulk delete
  sweep              remove image files that nothing uses any more
  cancel REQUEST     stop a request that can still be stopped
  send JSON          any command, as it stands in a message
  status [REQUEST]   what is open, or one request
  watch [REQUEST]    events as they come
  replay             show dead letters, and publish them again

Options:
  --help         this text; ${NAME} COMMAND --help says more of a command
  --version
`;

/** Runs a command line and gives its exit status. */
export async function main(args: string[], terminal: Terminal): Promise<number> {
  const [command = '', ...rest] = args;
  try {
    if (command === '--version') await print(terminal.stdout, `${version}\n`);
    else if (command === '--help' || command === '-h' || command === 'help') await print(terminal.stdout, HELP);
    else if (!Object.hasOwn(COMMANDS, command)) throw new UsageError(unknown(command));
    else return await run(command, rest, terminal);
    return EXIT.clean;
  } catch (error) {
    if (!isTold(error)) throw error;
    await print(terminal.stderr, `${NAME}: ${error.message}\n`);
    return EXIT.trouble;
  }
}

/** What is the matter of whoever typed it, or of a service; Google's clients give the status as a number. */
function isTold(error: unknown): error is Error {
  if (error instanceof UsageError || error instanceof ServiceError) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

async function run(name: string, args: string[], terminal: Terminal): Promise<number> {
  const command = await COMMANDS[name]?.();
  return command === undefined ? EXIT.trouble : command(args, terminal);
}

function unknown(command: string): string {
  const wrong = command === '' ? 'a command is missing' : `there is no command ${JSON.stringify(command)}`;
  return `${wrong}; try ${NAME} --help`;
}
