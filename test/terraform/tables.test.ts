/** The tables in the READMEs say what the code says. To write them: `UPDATE_TABLES=true npx jest test/terraform`. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HclModule, parseModule, readModule } from './hcl';
import { betweenMarks, outputsTable, variablesTable } from './tables';
import { ROOT } from './terraform';

const TERRAFORM = join(ROOT, 'terraform');

/** The variables of one file, with the sentence that the file begins with. */
async function section(file: string): Promise<string> {
  const text = readFileSync(join(TERRAFORM, file), 'utf8');
  const sentence = /^# ([^.]+)[.:]/.exec(text)?.[1] ?? file;
  return `### ${sentence}\n\n${variablesTable(await parseModule(TERRAFORM, { [file]: text }))}`;
}

it('terraform/README.md lists every variable and every output', async () => {
  const files = readdirSync(TERRAFORM).filter((file) => /^variables.*\.tf$/.test(file));
  const order = [
    'variables.tf',
    'variables-access.tf',
    'variables-requests.tf',
    'variables-schedules.tf',
    'variables-alerts.tf',
  ];
  const sections = await Promise.all(order.map(section));
  const outputs = `### Outputs\n\n${outputsTable(await readModule(TERRAFORM, TERRAFORM))}`;

  const { found, wanted } = betweenMarks('terraform/README.md', [...sections, outputs].join('\n\n'));

  expect(files.sort()).toEqual([...order].sort());
  expect(found).toBe(wanted);
});

it('modules/event-function/README.md lists every variable and every output', async () => {
  const module: HclModule = await readModule(join(TERRAFORM, 'modules/event-function'), TERRAFORM);

  const { found, wanted } = betweenMarks(
    'terraform/modules/event-function/README.md',
    `${variablesTable(module)}\n\n${outputsTable(module)}`,
  );

  expect(found).toBe(wanted);
});
