import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOf } from './architectureRules';

const ROOT = join(__dirname, '..');

function sourcesOnDisk(): Map<string, string> {
  const sources = new Map<string, string>();
  for (const folder of ['functions', 'shared', 'local', 'cli', 'test'].filter((name) => existsSync(join(ROOT, name)))) {
    const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(
      (path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'),
    );
    for (const path of paths) {
      const name = `${folder}/${path.replaceAll('\\', '/')}`;
      sources.set(name, readFileSync(join(ROOT, name), 'utf8'));
    }
  }
  return sources;
}

function faultsIn(files: Record<string, string>): string[] {
  return faultsOf(new Map(Object.entries(files)));
}

describe('the sources', () => {
  it('have no arrow that the architecture forbids', () => {
    const sources = sourcesOnDisk();

    expect([...sources.keys()]).toEqual(
      expect.arrayContaining(['shared/core/names.ts', 'functions/runCommand.ts', 'local/storage/model.ts']),
    );
    expect(faultsOf(sources)).toEqual([]);
  });
});

describe('the rules', () => {
  it('let good arrows pass', () => {
    expect(
      faultsIn({
        'functions/runCommand.ts':
          "import { http } from '@google-cloud/functions-framework';\nimport { tick } from '../shared/engine/tick';",
        'shared/engine/tick.ts': "import { STEPS } from '../steps';\nexport const tick = STEPS;",
        'shared/steps/index.ts': "import type { Ports } from '../ports';\nexport const STEPS: Ports[] = [];",
        'shared/ports.ts': "import type { Readable } from 'node:stream';\nexport type Ports = Readable;",
        'shared/core/names.ts': "import { createHash } from 'node:crypto';\nexport const hash = createHash;",
        'shared/clients/objectStore.ts': "import { Storage } from '@google-cloud/storage';\nexport const s = Storage;",
        'shared/handler.ts': 'export const config = process.env;',
        'local/main.ts': "import { startServer } from './storage/server';\nstartServer(process.env);",
        'local/storage/server.ts':
          "import { createServer } from 'node:http';\nexport const startServer = createServer;",
        'local/storage/model.ts':
          '/** Unlike process.env or import "node:http", a comment is no arrow. */\nexport const m = 1;',
        'test/one.test.ts': "import { m } from '../local/storage/model';\njest.mock('node:os');\nm;",
      }),
    ).toEqual([]);
  });

  it.each([
    ['core to a port', 'shared/core/a.ts', "import type { Clock } from '../ports';", 'must not import shared/ports.ts'],
    ['core to the disk', 'shared/core/a.ts', "import { readFileSync } from 'node:fs';", 'must not import node:fs'],
    ['core to a client', 'shared/core/a.ts', "export * from '@google-cloud/storage';", 'must not import @google-cloud'],
    ['a step to the engine', 'shared/steps/a.ts', "import { tick } from '../engine/tick';", 'shared/engine/tick'],
    ['a step to a client', 'shared/steps/a.ts', "import { connect } from '../clients/connect';", 'shared/clients/'],
    ['a step to the net', 'shared/steps/a.ts', "import { request } from 'node:http';", 'must not import node:http'],
    ['the ledger to a step', 'shared/ledger/a.ts', "import { DONE } from '../steps/step';", 'shared/steps/step'],
    [
      'the ledger to the log',
      'shared/ledger/a.ts',
      "import { SILENT_LOG } from '../log';",
      'must not import shared/log',
    ],
    ['the engine to a client', 'shared/engine/a.ts', "await import('../clients/connect');", 'shared/clients/connect'],
    ['the engine to Google', 'shared/engine/a.ts', "import { Storage } from '@google-cloud/storage';", '@google-cloud'],
    ['a client to the engine', 'shared/clients/a.ts', "import { tick } from '../engine/tick';", 'shared/engine/tick'],
    ['the handler to the framework', 'shared/handler.ts', "import '@google-cloud/functions-framework';", 'framework'],
    ['a function to a client', 'functions/a.ts', "require('../shared/clients/connect');", 'shared/clients/connect'],
    [
      'a function to Google',
      'functions/a.ts',
      "import { PubSub } from '@google-cloud/pubsub';",
      '@google-cloud/pubsub',
    ],
    ['shared to a function', 'shared/engine/a.ts', "import '../../functions/runCommand';", 'functions/runCommand'],
    ['shared to local', 'shared/core/a.ts', "import '../../local/story';", 'must not import local/story'],
    ['the commands to local', 'cli/a.ts', "import '../local/story';", 'must not import local/story'],
    ['local to a step', 'local/a.ts', "import { DONE } from '../shared/steps/step';", 'must not import shared/steps'],
    ['local to the framework', 'local/a.ts', "import '@google-cloud/functions-framework/testing';", 'framework'],
    ['a model to the wire', 'local/storage/modelList.ts', "import type { Server } from 'node:http';", 'to a model'],
    ['a model to gRPC', 'local/pubsub/model.ts', "import { status } from '@grpc/grpc-js';", 'to a model'],
    ['the environment read anywhere', 'shared/steps/a.ts', 'export const b = process.env.B;', 'reads process.env'],
    ['the environment read by a string', 'shared/config.ts', "export const b = process['env'];", 'reads process.env'],
    [
      'a type that is imported in place',
      'shared/core/a.ts',
      "export type A = import('../ports').Clock;",
      'shared/ports',
    ],
    ['a default export', 'local/a.ts', 'export default 1;', 'default export'],
    ['a mock of our own', 'test/a.test.ts', "jest.mock('../shared/core/names');", 'mocks ../shared/core/names'],
    ['a folder that nobody named', 'shared/utils/a.ts', 'export const a = 1;', 'lies in no folder'],
  ])('forbid %s', (_arrow, path, source, fault) => {
    const faults = faultsIn({ [path]: source });

    expect(faults[0]).toContain(path);
    expect(faults[0]).toContain(fault);
  });

  it('forbid a wire that a model reaches by way of another file', () => {
    const faults = faultsIn({
      'local/pubsub/model.ts': "import { send } from './push';\nexport const model = send;",
      'local/pubsub/push.ts': "import { request } from 'node:https';\nexport const send = request;",
    });

    expect(faults).toEqual(['local/pubsub/push.ts belongs to a model and must not import node:https']);
  });

  it('forbid a cycle, also one of types', () => {
    const faults = faultsIn({
      'shared/core/a.ts': "import { b } from './b';\nexport const a = b;",
      'shared/core/b.ts': "import type { C } from './c';\nexport const b: C = 1;",
      'shared/core/c.ts': "import { a } from './a';\nexport type C = typeof a;",
    });

    expect(faults).toEqual(['a cycle: shared/core/a.ts → shared/core/b.ts → shared/core/c.ts → shared/core/a.ts']);
  });
});
