/** The log lines that alerts and charts are made of are really written, with the fields that these split them by. */
import { join } from 'node:path';
import { createLog, SILENT_LOG } from '../../shared/log';
import { rows } from '../engine/shoes';
import { createWorld } from '../engine/world';
import { readModule } from './hcl';
import { ROOT } from './terraform';

const HOUR = 3_600_000;

it('each counter of terraform/metrics.tf counts a line of a real run', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog((line) => lines.push(JSON.parse(line)));
  jest.spyOn(SILENT_LOG, 'write').mockImplementation(log.write);
  jest.spyOn(SILENT_LOG, 'with').mockImplementation((fields) => log.with(fields));
  const world = createWorld();

  await world.publish('no command');
  await world.drop('shoes.csv', rows(world));
  const name = (await world.open())[0]?.waiting?.operation ?? '';
  world.productSearch.stallOperation(name);
  world.pass(25 * HOUR);
  await world.fire();
  while (await world.deliverContinuations());
  world.productSearch.resumeOperation(name);
  await world.settle();

  const { locals } = await readModule(join(ROOT, 'terraform'), ROOT);
  const metrics = Object.entries(locals.log_metrics as Record<string, { message: string; labels: string[] }>);
  const counted = metrics.map(([metric, { message, labels }]) => {
    const line = lines.find((written) => written.message === message && labels.every((label) => label in written));
    return [metric, line === undefined ? 'no such line' : 'counted'];
  });
  expect(counted).toEqual(metrics.map(([metric]) => [metric, 'counted']));
  expect(lines).toContainEqual(expect.objectContaining({ message: 'operation stalled', operationName: name }));
});
