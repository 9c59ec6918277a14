/** What users have asked for: the measure of everything that the rules check. */
import { type Command, commandDigest, parseCommand } from '../../shared/core/command';
import { commandRequestId, importRequestId } from '../../shared/core/names';
import type { RequestRecord } from '../../shared/core/request';
import type { FinalizedFile } from '../../shared/engine/intake';
import { type Services, STATE } from './services';

export interface AskedFile {
  requestId: string;
  file: FinalizedFile;
  body: Buffer;
}

export interface AskedCommand {
  messageId: string;
  /** undefined for a message that is no command. */
  requestId?: string;
  command?: Command;
  digest?: string;
  acknowledged: boolean;
}

export function createAsked(services: Services) {
  const files = new Map<string, AskedFile>();
  const commands: AskedCommand[] = [];

  const commandsOf = new Map<string, Command>();

  /** By the name of the object: rules ask for the same record again and again. */
  const read = new Map<string, { generation: string; record: RequestRecord }>();

  function recordOf(folder: 'open' | 'closed', id: string): RequestRecord | null {
    const kind = id.startsWith('bat-') ? 'batches' : 'requests';
    const name = `${kind}/${folder}/${id}.json`;
    const generation = services.generation(STATE, name);
    if (generation === '') return null;
    const known = read.get(name);
    if (known?.generation === generation) return known.record;
    const record = JSON.parse(services.text(STATE, name)) as RequestRecord;
    read.set(name, { generation, record });
    return record;
  }

  return {
    files,
    commands,
    /** Of all requests that the messages and files may have become. */
    requestIds: () => [...new Set([...files.keys(), ...commands.flatMap(({ requestId }) => requestId ?? [])])],
    open: (id: string) => recordOf('open', id),
    closed: (id: string) => recordOf('closed', id),
    record: (id: string) => recordOf('open', id) ?? recordOf('closed', id),

    addFile(file: FinalizedFile, body: Buffer): AskedFile {
      const asked = { requestId: importRequestId(file.bucket, file.name, file.generation), file, body };
      files.set(asked.requestId, asked);
      return asked;
    },

    addCommand(messageId: string, data: Buffer, maxProductsCeiling: number): AskedCommand {
      const parsed = parseCommand(data, { maxProductsCeiling });
      const asked: AskedCommand = { messageId, acknowledged: false };
      if (parsed.ok) {
        asked.command = parsed.command;
        asked.digest = commandDigest(parsed.command);
        asked.requestId = commandRequestId({ requestId: parsed.command.requestId, messageId });
      }
      commands.push(asked);
      return asked;
    },

    /** The command that the ledger's record of this request was made from; it is the same for ever. */
    commandOf(requestId: string): Command | undefined {
      const known = commandsOf.get(requestId);
      if (known !== undefined || !requestId.startsWith('cmd-')) return known;
      const digest = recordOf('open', requestId)?.digest ?? recordOf('closed', requestId)?.digest;
      const found = commands.find((asked) => asked.requestId === requestId && asked.digest === digest)?.command;
      if (found !== undefined) commandsOf.set(requestId, found);
      return found;
    },
  };
}

export type Asked = ReturnType<typeof createAsked>;
