import { ServiceError } from '../../shared/core/errors';
import { createPacer } from '../../shared/ledger/pacer';
import { createWorld, STATE, type World } from '../engine/world';

const CONFIG = { stateBucket: STATE, managementCallsPerMinute: 600 };
const BUDGET = { bucket: STATE, name: 'quota/calls.json' };

async function timesOf(world: World, calls: number, bulk: boolean): Promise<number[]> {
  const pacer = createPacer(world.ports, CONFIG);
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    await pacer.take(bulk);
    times.push(world.clock.now());
  }
  return times;
}

describe('the pacer', () => {
  it('spreads the calls evenly over time', async () => {
    const world = createWorld();

    const times = await timesOf(world, 600, true);

    const lasted = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(lasted).toBeGreaterThan(58_000);
    expect(lasted).toBeLessThan(62_500);
  });

  it('does not hold up somebody who calls more slowly than it may', async () => {
    const world = createWorld();
    const pacer = createPacer(world.ports, CONFIG);
    const begun = world.clock.now();

    for (let call = 0; call < 200; call += 1) {
      await pacer.take(true);
      world.pass(400);
    }

    expect(world.clock.now() - begun).toBeLessThan(1.05 * 200 * 400);
  });

  it('lets a few calls of a single delete through without a write, and counts a burst', async () => {
    const world = createWorld();

    const single = await timesOf(world, 20, false);
    const isWritten = (await world.ports.objects.stat(BUDGET)) !== null;
    const burst = await timesOf(world, 40, false);

    expect(new Set(single).size).toBe(1);
    expect(isWritten).toBe(false);
    expect(new Set(burst).size).toBe(20);
  });

  it('keeps its pace where the ledger is slow to answer', async () => {
    const world = createWorld();
    const { objects } = world.ports;
    const slow = {
      ...world.ports,
      objects: {
        ...objects,
        async write(...call: Parameters<typeof objects.write>) {
          const written = await objects.write(...call);
          world.pass(900);
          return written;
        },
      },
    };

    const times = await timesOf({ ...world, ports: slow }, 200, true);

    // At ten calls a second and lots of 25: a lot takes 2.5 s, and nine tenths of one until it is there.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(40_000);
  });

  it('is slower for everybody after a refusal', async () => {
    const world = createWorld();
    await createPacer(world.ports, CONFIG).refused();

    const times = await timesOf(world, 100, true);

    // Two thirds of the pace, and ten per cent more after a minute.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(13_000);
  });

  it('makes a request wait for quota where others have taken all there is', async () => {
    const world = createWorld();
    const pacer = createPacer(world.ports, CONFIG);
    await world.ports.objects.write(
      BUDGET,
      JSON.stringify({ nonce: 'n', value: { reservedUntil: world.clock.now() + 3_600_000 } }),
      { contentType: 'application/json' },
    );

    const failure = pacer.take(true);

    await expect(failure).rejects.toThrow(ServiceError);
    await expect(failure).rejects.toMatchObject({ status: 'RESOURCE_EXHAUSTED' });
  });
});
