import { hostileCommands } from './hostile/commands';
import { hostileConsole } from './hostile/console';
import { hostileEvents } from './hostile/events';
import { hostileFiles } from './hostile/files';
import { type HostileCase, hostileCase } from './hostile/hostileCase';
import { startLocalSystem } from './localSystem';

jest.setTimeout(120_000);

let shared: HostileCase | undefined;

beforeAll(async () => {
  const system = await startLocalSystem({
    LOCAL_OPERATION_SECONDS: '0.3',
    LOCAL_TICK_SECONDS: '0.5',
    MAX_SKIPPED_LINES: '20000',
    MAX_GZ_BYTES: String(256 * 1024 * 1024),
  });
  shared = hostileCase(system, await system.image('shared.png'));
});

afterAll(() => shared?.system.stop());

function given(): HostileCase {
  if (shared === undefined) throw new Error('the system has not started');
  return shared;
}

describe('a hostile file', () => hostileFiles(given));
describe('a forged event', () => hostileEvents(given));
describe('a hostile command', () => hostileCommands(given));
describe('a hostile request of the console', () => hostileConsole(given));
