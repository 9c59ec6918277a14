/** What the code says that Terraform has to agree with: functions, environment variables, log messages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, VARIABLES } from '../../shared/config';
import { ConfigurationError } from '../../shared/core/errors';
import { ROOT } from './terraform';

/** Entry points: one file a function. */
export const FUNCTIONS: readonly string[] = readdirSync(join(ROOT, 'functions'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

export function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Variables that Terraform offers already and that shared/config.ts is about to read. */
export const AWAITED: readonly string[] = [
  'CLOUDINARY_URL',
  'DERIVED_CALLS_RESERVE',
  'DERIVED_PUBLIC_ID',
  'MAX_SKIPPED_LINES',
  'RESTORE_IMPORT_LINES',
  'SNAPSHOT_DAYS',
].filter((name) => !VARIABLES.includes(name));

/** Where a local service answers; never set in the cloud. */
export const LOCAL_ONLY: readonly string[] = VARIABLES.filter((name) => name.endsWith('_EMULATOR_HOST'));

/** Those without which a function does not start. */
export function requiredVariables(): string[] {
  try {
    loadConfig({});
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults.map((fault) => fault.split(' ')[0] ?? '');
  }
}

/** The static messages of all log lines. */
export function logMessages(): Set<string> {
  const messages = new Set<string>();
  for (const folder of ['functions', 'shared']) {
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const text = readFileSync(join(ROOT, folder, file), 'utf8');
      for (const [, call = ''] of text.matchAll(/\.write\(\s*([^;]*)/g)) {
        for (const [, message = ''] of call.matchAll(/'([^'\n]+)'/g)) messages.add(message);
      }
    }
  }
  return messages;
}
