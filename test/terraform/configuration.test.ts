/** What holds of terraform/ without terraform: it is parsed, and compared with the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from '../../shared/config';
import { COMMAND_NAMES } from '../../shared/core/command';
import { AWAITED, FUNCTIONS, kebabCase, LOCAL_ONLY, logMessages, requiredVariables } from './code';
import { bodiesOf, type HclModule, isTree, parseModule, readModule } from './hcl';
import { problemsOf } from './hclProblems';
import { ROOT } from './terraform';

const TERRAFORM = join(ROOT, 'terraform');
const read = (folder: string) => readModule(folder, TERRAFORM);

let root: HclModule;

beforeAll(async () => {
  root = await read(TERRAFORM);
});

/** The names that a validation of the variable lists, in quotes and upper or lower case. */
function listed(variable: string, name: RegExp): string[] {
  const condition = String(bodiesOf(root.variables[variable]?.validation)[0]?.condition);
  return [...condition.matchAll(/"([^"]+)"/g)].map(([, text = '']) => text).filter((text) => name.test(text));
}

/** The keys of the object expressions in a local value. */
function keysIn(local: string): string[] {
  const value = root.locals[local];
  const text = isTree(value) ? JSON.stringify(value) : String(value);
  return [...text.matchAll(/\b([A-Z][A-Z0-9_]+)\b"?\s*[=:][^=>]/g)].map(([, name = '']) => name);
}

describe('the configuration', () => {
  it.each(['.', 'modules/event-function', 'examples/minimal', 'examples/full'])(
    'has no problem in %s',
    async (folder) => {
      expect(await problemsOf(await read(join(TERRAFORM, folder)), read)).toEqual([]);
    },
  );

  it('has tests that can be read', async () => {
    const files = readdirSync(join(TERRAFORM, 'tests'));

    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const parsed = await parseModule(TERRAFORM, { [file]: readFileSync(join(TERRAFORM, 'tests', file), 'utf8') });
      expect(parsed.resources).toEqual([]);
    }
  });

  it('describes, types and checks every variable, and describes every output', async () => {
    for (const folder of ['.', 'modules/event-function']) {
      const { variables, outputs } = await read(join(TERRAFORM, folder));
      for (const [name, variable] of Object.entries(variables)) {
        expect({ name, ...variable }).toMatchObject({
          description: expect.stringMatching(/\S{3}.*[.`)]$/),
          type: expect.any(String),
          validation: expect.any(Array),
        });
        for (const { error_message } of bodiesOf(variable.validation)) {
          expect({ name, error_message }).toMatchObject({ error_message: expect.stringMatching(/ must .*\.$/) });
        }
      }
      for (const [name, output] of Object.entries(outputs)) {
        expect({ name, ...output }).toMatchObject({ description: expect.stringMatching(/\.$/) });
      }
    }
  });
});

describe('the configuration and the code', () => {
  it('deploy the same functions', () => {
    const functions = Object.entries(root.locals.functions ?? {});

    expect(functions.map(([name]) => name).sort()).toEqual(FUNCTIONS.map(kebabCase).sort());
    expect(functions.map(([, body]) => (body as { entry_point: string }).entry_point).sort()).toEqual(
      [...FUNCTIONS].sort(),
    );
  });

  it('know the same environment variables: each is set, offered as a variable, or a setting', () => {
    const set = [...keysIn('environment'), ...keysIn('_choices'), ...keysIn('cloudinary_environment')];
    const settings = listed('settings', /^[A-Z_]+$/);
    const inTheCloud = VARIABLES.filter((name) => !LOCAL_ONLY.includes(name));

    expect([...set, ...settings].sort()).toEqual([...inTheCloud, ...AWAITED].sort());
    expect(keysIn('environment')).toEqual(expect.arrayContaining(requiredVariables()));
  });

  it('know the same commands', () => {
    expect(listed('allowed_commands', /^[a-z]/).sort()).toEqual([...COMMAND_NAMES].sort());
  });

  it('mean the same log lines', () => {
    const metrics = Object.values(root.locals.log_metrics ?? {}) as { message: string }[];
    const written = logMessages();

    expect(metrics.length).toBeGreaterThan(3);
    expect(metrics.map(({ message }) => message).filter((message) => !written.has(message))).toEqual([]);
  });
});
