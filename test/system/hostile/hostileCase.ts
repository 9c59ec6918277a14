/** What the hostile cases share: they all run on one system, which is started once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageFields, imageLine } from '../imageLine';
import { type LocalSystem, STATE } from '../localSystem';
import { until } from '../until';

/** Ids that the API allows, however odd they look. */
export const ODD_IDS = [
  '__proto__',
  'constructor',
  '🧦',
  '\u202egnp.exe\u200f',
  '%2e%2e%2f',
  '<img src=x onerror=alert(1)>',
];

export const JSON_BODY = { 'content-type': 'application/json' };

/** The headers of a CloudEvent in binary mode. */
export function binaryHeaders(type: string, source: string): Record<string, string> {
  return { ...JSON_BODY, 'ce-specversion': '1.0', 'ce-id': '1', 'ce-type': type, 'ce-source': source };
}

export interface HostileCase {
  system: LocalSystem;
  urlOf(name: string): string;
  /** A good line but for the fields that are given. */
  line(fields: Partial<ImageFields>): string;
  /** Drops a file and gives the data of its terminal event. */
  ended(name: string, body: string | Buffer): ReturnType<typeof endedOn>;
  /** The records of all requests, once none is open. */
  requests(): Promise<string[]>;
  /** The first line of the function's log with that message whose error reads so, once it is there. */
  logged(by: string, message: string, error: RegExp): Promise<Record<string, unknown>>;
}

async function endedOn(system: LocalSystem, name: string, body: string | Buffer) {
  const requestId = await system.drop(name, body);
  return { ...(await system.events.ended(requestId)).data, requestId };
}

function loggedBy(system: LocalSystem, by: string, message: string, error: RegExp) {
  const lines = readFileSync(join(system.folder, 'log.jsonl'), 'utf8').split('\n');
  return lines
    .filter((line) => line.includes(JSON.stringify(message)))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((line) => line.message === message && line.function === by && error.test(String(line.error)));
}

export function hostileCase(system: LocalSystem, uri: string): HostileCase {
  return {
    system,
    urlOf: (name) => system.functions()[name]?.url ?? '',
    line: (fields) => imageLine({ uri, productId: 'p', ...fields }),
    ended: (name, body) => endedOn(system, name, body),
    async requests() {
      await system.allClosed();
      return system.names(STATE, 'requests/');
    },
    async logged(by, message, error) {
      await until(`${message} is logged`, () => loggedBy(system, by, message, error) !== undefined);
      return loggedBy(system, by, message, error) ?? {};
    },
  };
}
