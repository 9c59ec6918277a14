/** Reads a command from a message's data, or says field by field why it is none; never throws. Pure. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { isFields, ruleProblems, schemaProblems } from './commandProblems';
import { COMMAND_SCHEMAS } from './commandSchema';
import { type Problem, shownValue } from './problem';
import { parseStrictJson } from './strictJson';

export type CommandName = keyof typeof COMMAND_SCHEMAS;

/** A command with the contract's defaults filled in; what has its default in the configuration is left out. */
export type Command = z.infer<(typeof COMMAND_SCHEMAS)[CommandName]>;

export const COMMAND_NAMES = Object.keys(COMMAND_SCHEMAS) as readonly CommandName[];

export interface CommandLimits {
  /** Bytes of message data. Default 2 MiB: 1,000 ids of 128 characters fit in however they are escaped. */
  maxBytes?: number;
  /** Default 1,000,000. */
  maxProductsCeiling?: number;
}

export type ParsedCommand = { ok: true; command: Command } | { ok: false; problems: Problem[] };

const MAX_BYTES = 2 * 1024 * 1024;
const MAX_PROBLEMS = 100;

/** The command, or at least one and at most 100 problems. Product ids that are given twice are taken once. */
export function parseCommand(data: Uint8Array, limits: CommandLimits = {}): ParsedCommand {
  const { maxBytes = MAX_BYTES, maxProductsCeiling = 1_000_000 } = limits;
  if (data.byteLength > maxBytes) {
    const message = `the message data has ${data.byteLength} bytes; at most ${maxBytes} are allowed`;
    return refused([{ code: 'too-large', field: 'data', message }]);
  }
  const json = parseStrictJson(data);
  if ('problems' in json) return refused(json.problems);
  const raw = json.value;
  if (!isFields(raw)) {
    const message = 'the message data must be one JSON object, such as {"command":"deleteProduct","productId":"p1"}';
    return refused([{ code: 'not-an-object', field: 'data', message }]);
  }
  const name = commandName(raw.command);
  if (typeof name !== 'string') return refused([name]);
  return checkFields(name, raw, maxProductsCeiling);
}

function refused(problems: Problem[]): ParsedCommand {
  return { ok: false, problems: problems.slice(0, MAX_PROBLEMS) };
}

function commandName(value: unknown): CommandName | Problem {
  const known = `one of ${COMMAND_NAMES.join(', ')}`;
  if (value === undefined) return { code: 'required', field: 'command', message: `command is required: ${known}` };
  if (typeof value !== 'string') return { code: 'wrong-type', field: 'command', message: `command must be ${known}` };
  const message = `${shownValue(value)} is no command; it must be ${known}`;
  return COMMAND_NAMES.find((name) => name === value) ?? { code: 'unknown-command', field: 'command', message };
}

function checkFields(name: CommandName, raw: Record<string, unknown>, maxProductsCeiling: number): ParsedCommand {
  const schema = COMMAND_SCHEMAS[name];
  const parsed = schema.safeParse(raw);
  const problems = ruleProblems(raw, maxProductsCeiling);
  if (!parsed.success) problems.unshift(...schemaProblems(parsed.error.issues, raw, Object.keys(schema.shape)));
  if (!parsed.success || problems.length > 0) return refused(problems);
  const command = parsed.data;
  if (command.command !== 'deleteProducts' || !command.productIds) return { ok: true, command };
  return { ok: true, command: { ...command, productIds: [...new Set(command.productIds)] } };
}

/** The same 64 hex digits for commands of the same content, whatever the order of their fields. */
export function commandDigest(command: Command): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(command)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
