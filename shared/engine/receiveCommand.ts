/** From a message on the commands topic to an accepted request, or to the event that says why it is no command. */
import type { Config } from '../config';
import { type Command, commandDigest, parseCommand } from '../core/command';
import { rejectedEvent } from '../core/event';
import { commandRequestId } from '../core/names';
import { commandRequest } from '../core/newRequest';
import type { Problem } from '../core/problem';
import type { PushMessage } from '../core/pushMessage';
import type { CommandInput, RequestName, RequestRecord } from '../core/request';
import { announce } from '../ledger/journal';
import { createRecords } from '../ledger/records';
import { accept } from './accept';
import { advance, type EngineDeps } from './advance';

/** Handles one delivery. Returns when the message may be acknowledged; throws when it has to be delivered again. */
export async function receiveCommand(message: PushMessage, deps: EngineDeps): Promise<void> {
  const { ports, config } = deps;
  const parsed = parseCommand(message.data, { maxProductsCeiling: config.maxProductsCeiling });
  if (!parsed.ok) return reject(message, parsed.problems, deps);
  const refusals = notAllowed(parsed.command, config);
  if (refusals.length > 0) return reject(message, refusals, deps);
  const record = requestOf(parsed.command, message, deps);
  const records = createRecords(ports, config.stateBucket);
  const accepted = await accept(record, { ...ports, records, config }, 'now');
  if (accepted.kind === 'conflict') return reject(message, [conflictOf(parsed.command)], deps);
  ports.log.write('INFO', accepted.kind === 'accepted' ? 'command accepted' : 'command delivered before', {
    requestId: record.id,
    request: record.request,
    messageId: message.messageId,
  });
  if (accepted.kind === 'accepted') await advance(accepted.opened, deps);
}

function notAllowed({ command }: Command, { allowedCommands }: Config): Problem[] {
  if (allowedCommands.length === 0 || allowedCommands.includes(command)) return [];
  const message = `${command} is not allowed here; allowed are ${allowedCommands.join(', ')} (ALLOWED_COMMANDS)`;
  return [{ code: 'command-not-allowed', field: 'command', message }];
}

function conflictOf(command: Command): Problem {
  const message = `requestId ${command.requestId} was used before for a command with other content; choose another`;
  return { code: 'request-id-conflict', field: 'requestId', message };
}

function requestOf(command: Command, message: PushMessage, { ports, config }: EngineDeps): RequestRecord {
  const { command: request, requestId, location, reason, dryRun, ...input } = command;
  return commandRequest({
    id: commandRequestId({ requestId, messageId: message.messageId }),
    request: request as RequestName,
    location: location ?? config.location,
    reason,
    dryRun,
    digest: commandDigest(command),
    messageId: message.messageId,
    publishTime: message.publishTime,
    input: command.command === 'restoreSnapshot' ? restoreInput(command) : (input as CommandInput),
    now: new Date(ports.clock.now()).toISOString(),
  });
}

function restoreInput({ snapshot, location, notBefore }: Command & { command: 'restoreSnapshot' }): CommandInput {
  return { snapshotUri: snapshot, ...(location && { location }), ...(notBefore && { notBefore }) };
}

async function reject(message: PushMessage, problems: Problem[], { ports, config }: EngineDeps): Promise<void> {
  const { messageId } = message;
  const { projectId, location } = config;
  const published = Date.parse(message.publishTime);
  const publishTime = new Date(Number.isNaN(published) ? ports.clock.now() : published).toISOString();
  const event = rejectedEvent({ messageId, publishTime, projectId, location, problems });
  await announce(ports, config, event, publishTime);
  ports.log.write('WARNING', 'message rejected', { messageId, codes: problems.map((problem) => problem.code) });
}
