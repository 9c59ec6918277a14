/** `drop`: puts CSV files into intake, after the check that the import makes; never over a file that waits there. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { importRequestId, parseLocation } from '../shared/core/names';
import type { ObjectName } from '../shared/ports';
import { follow } from './follow';
import { lint } from './lint';
import { readArguments } from './options';
import { type System, withSystem } from './system';
import { EXIT, print, type Terminal, UsageError } from './terminal';

const HELP = `Usage: product-search-cleanup drop [OPTION…] FILE…

Checks each FILE as lint does, and puts it into the intake bucket, where it starts an import.

  --location L   us-west1, us-east1, europe-west1 or asia-east1
  --urgent       may use the import slots that are kept for urgent files
  --name NAME    another name in the bucket (one FILE only)
  --replace      over a file of that name that waits in intake
  --no-lint      drop it as it is: lines with errors are left out and come back in retry.csv
  --wait         follow the import until it has ended
  --json         the outcome as JSON, for programs

Exit status: 0 dropped, or with --wait succeeded · 1 a line has an error and nothing was dropped, or with --wait: it
ended otherwise · 2 it could not be dropped.
`;

const OPTIONS = {
  location: { type: 'string' },
  urgent: { type: 'boolean', default: false },
  name: { type: 'string' },
  replace: { type: 'boolean', default: false },
  'no-lint': { type: 'boolean', default: false },
  wait: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export async function drop(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals: files } = readArguments('drop', args, OPTIONS);
  if (values.help) {
    await print(terminal.stdout, HELP);
    return EXIT.clean;
  }
  if (files.length === 0) throw new UsageError('drop takes a FILE; try product-search-cleanup drop --help');
  if (values.name !== undefined && files.length > 1) throw new UsageError('--name goes with one FILE only');
  const names = files.map((file) => objectName(values.name ?? basename(file), values));
  if (!values['no-lint']) {
    // What the check finds is for people here; the outcome is all that goes to standard output.
    const checked = await lint(files, { ...terminal, stdout: terminal.stderr });
    if (checked !== EXIT.clean) return checked;
  }
  return withSystem(terminal.env, async (system) => {
    let status: number = EXIT.clean;
    for (const [index, file] of files.entries()) {
      const to = { bucket: system.config.intakeBucket, name: names[index] ?? '' };
      status = Math.max(status, await dropFile(file, to, values, system, terminal));
    }
    return status;
  });
}

function objectName(name: string, { location, urgent }: { location?: string; urgent: boolean }): string {
  if (!/\.csv(?:\.gz)?$/.test(name)) throw new UsageError(`${name} must end in .csv or .csv.gz, or it is ignored`);
  const place = location === undefined ? null : parseLocation(location);
  if (location !== undefined && place === null)
    throw new UsageError(`${location} is none of Product Search's locations`);
  return `${place === null ? '' : `${place}/`}${urgent ? 'urgent/' : ''}${name}`;
}

async function dropFile(
  file: string,
  to: ObjectName,
  { replace, wait, json }: { replace: boolean; wait: boolean; json: boolean },
  system: System,
  terminal: Terminal,
): Promise<number> {
  const generation = await upload(file, to, replace, system);
  if (generation === null) {
    const message = `${to.name} waits in gs://${to.bucket} already; give --replace or another --name`;
    await print(terminal.stderr, `product-search-cleanup: ${message}\n`);
    return EXIT.trouble;
  }
  const id = importRequestId(to.bucket, to.name, generation);
  if (wait) return follow({ id }, system, terminal, json);
  const uri = `gs://${to.bucket}/${to.name}`;
  await print(terminal.stdout, json ? `${JSON.stringify({ requestId: id, uri })}\n` : `${id}: dropped as ${uri}\n`);
  return EXIT.clean;
}

/** The generation that it made, or null where another file is there. A lost answer is told by the nonce. */
async function upload(file: string, to: ObjectName, replace: boolean, system: System): Promise<string | null> {
  const nonce = system.entropy.nonce();
  const written = await system.objects.write(to, createReadStream(file), {
    contentType: file.endsWith('.gz') ? 'application/gzip' : 'text/csv',
    metadata: { drop: nonce },
    ...(replace ? {} : { ifGenerationMatch: '0' }),
  });
  if (written !== null) return written.generation;
  const there = await system.objects.stat(to);
  return there?.metadata.drop === nonce ? there.generation : null;
}
