/** The report of an import that meets a passing fault while it is written says the same of every line as without it. */
import { fault, rows } from './shoes';
import { createWorld } from './world';

const IMPORTED = 'product-search.import.completed.v1';

/** Of three lines one fails for a passing reason; the start of its second import has no answer, the next is refused. */
async function lineReasons(isDisturbed: boolean): Promise<string> {
  const world = createWorld();
  world.productSearch.failNextLines([1], { code: 14, message: 'try again' });
  const isSecond = () => world.calls('importProductSets') === 2;
  const isThird = () => world.calls('importProductSets') === 3;
  world.failCall('importProductSets', fault('UNAVAILABLE'), { when: isSecond, after: true });
  world.failCall('importProductSets', fault('INVALID_ARGUMENT'), { when: isThird });
  const isRetryCsv = (object: unknown) => (object as { name: string }).name.endsWith('/retry.csv');
  if (isDisturbed) world.failCall('write', fault('UNAVAILABLE'), { when: isRetryCsv });
  await world.drop('shoes.csv', rows(world));
  await world.settle();
  const [event] = world.events(IMPORTED);
  const reasons = event?.data.problems.map(({ code, line }) => `${line}:${code}`);
  return `${event?.data.outcome} ${reasons}\n${world.text(event?.data.files.linesCsv)}`;
}

describe('a report', () => {
  it('does not tell a line whose start is unknown as one that was never handed to the service', async () => {
    expect(await lineReasons(true)).toEqual(await lineReasons(false));
  });
});
