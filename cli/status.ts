/** `status`: what is open now, or one request, from the ledger. Changes nothing. */
import { requestRow } from '../shared/console/requestRow';
import { counted } from '../shared/console/words';
import { NO_SLOTS, slotsAt } from '../shared/core/quota';
import type { RequestRecord } from '../shared/core/request';
import { readJson } from '../shared/ledger/jsonObject';
import { endText, follow, problemLines, progressOf } from './follow';
import { readArguments } from './options';
import { type System, withSystem } from './system';
import { EXIT, print, type Terminal, UsageError } from './terminal';

const HELP = `Usage: product-search-cleanup status [REQUEST]

Without REQUEST: every request that is open, and how many imports were started in the last 24 hours.

  --wait   with REQUEST: follow it until it has ended
  --json   one JSON object a request, as the ledger keeps it

Exit status: 0, and with REQUEST 1 where it did not succeed · 2 there is no such request.
`;

const OPTIONS = {
  wait: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export async function status(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments('status', args, OPTIONS);
  if (values.help) {
    await print(terminal.stdout, HELP);
    return EXIT.clean;
  }
  if (positionals.length > 1) throw new UsageError('status takes one REQUEST');
  const [id] = positionals;
  return withSystem(terminal.env, async (system) => {
    if (id === undefined) return allOpen(system, terminal, values.json);
    const record = (await system.records.closed(id)) ?? (await system.records.open(id))?.record;
    if (record === undefined) throw new UsageError(`there is no request ${id}`);
    if (values.wait) return follow({ id }, system, terminal, values.json);
    return one(record, system, terminal, values.json);
  });
}

async function one(record: RequestRecord, system: System, terminal: Terminal, isJson: boolean): Promise<number> {
  const isEnded = record.state === 'ended';
  const open = `${record.id}: ${progressOf(record, system)}\n${problemLines(record.problems)}`;
  await print(terminal.stdout, isJson ? `${JSON.stringify(record)}\n` : isEnded ? endText(record) : open);
  return isEnded && record.outcome !== 'succeeded' && record.outcome !== 'dryRun' ? EXIT.findings : EXIT.clean;
}

async function allOpen(system: System, terminal: Terminal, isJson: boolean): Promise<number> {
  const ids = (await system.records.listOpen()).map(({ id }) => id);
  for (const id of ids) {
    // What has ended since the listing is left out.
    const record = (await system.records.open(id))?.record;
    if (record === undefined) continue;
    await print(terminal.stdout, isJson ? `${JSON.stringify(record)}\n` : rowText(record, system));
  }
  if (isJson) return EXIT.clean;
  const open = ids.length === 1 ? '1 request is open' : `${ids.length} requests are open`;
  await print(terminal.stdout, `${open}; ${await importsText(system)}\n`);
  return EXIT.clean;
}

function rowText(record: RequestRecord, system: System): string {
  const { id, title, what, location } = requestRow(record, system.config.stateBucket, '');
  return `${id}  ${title} ${what} (${location}): ${progressOf(record, system)}; since ${record.acceptedAt}\n`;
}

async function importsText({ objects, config, entropy }: System): Promise<string> {
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const quota = { bucket: config.stateBucket, name: 'quota/imports.json' };
  const { used } = slotsAt(
    await readJson({ objects, clock, entropy }, quota, NO_SLOTS),
    config.importsPerDay,
    clock.now(),
  );
  return `${counted(used, 'import', 'imports')} started in the last 24 hours`;
}
