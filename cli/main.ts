/** `product-search-cleanup`: finds the command and runs it. What is wrong with the command line is said in one line. */
import { version } from '../package.json';
import { lint } from './lint';
import { EXIT, print, type Terminal, UsageError } from './terminal';

const NAME = 'product-search-cleanup';

const COMMANDS: Readonly<Record<string, (args: string[], terminal: Terminal) => Promise<number>>> = { lint };

const HELP = `Usage: ${NAME} COMMAND

Commands:
  lint [FILE…]   check CSV files for an import, before they are dropped

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
    else return (await COMMANDS[command]?.(rest, terminal)) ?? EXIT.trouble;
    return EXIT.clean;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await print(terminal.stderr, `${NAME}: ${error.message}\n`);
    return EXIT.trouble;
  }
}

function unknown(command: string): string {
  const wrong = command === '' ? 'a command is missing' : `there is no command ${JSON.stringify(command)}`;
  return `${wrong}; try ${NAME} --help`;
}
