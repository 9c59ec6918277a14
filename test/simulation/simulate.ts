/**
 * One history: users, other programs and the platform act on the real engine for a while, with everything that can go
 * wrong going wrong; then all faults end, all work is drained, and the rules must have held. One seed, one history.
 */
import type { OutgoingMessage, Ports } from '../../shared/ports';
import { createAsked } from './asked';
import { NO_FAULTS } from './faults';
import { differing, outcomesOf, shortened, shownTime } from './historyText';
import { createInvocations } from './invocations';
import { createMisfortunes, NO_MISFORTUNES } from './misfortunes';
import { createPlatform, NO_TROUBLE } from './platform';
import { createRandom, type Random } from './random';
import { RULES } from './rules';
import type { PublishedEvent } from './rules/rule';
import { createServices, INTAKE, STATE } from './services';
import { chooseSettings, type Settings } from './settings';
import { createTimeline, type Timeline } from './timeline';
import { createUsers } from './users/users';
import { createWitness, type Witness } from './witness';

export interface History {
  seed: number;
  /** Sentences; empty where all rules held. */
  violations: string[];
  /** What happened, a line each; empty unless it was asked for. */
  lines: string[];
  counts: { calls: number; requests: number; invocations: number; operations: number };
  /** How many requests of each name ended in which way: `deleteProduct succeeded`. */
  outcomes: Record<string, number>;
}

export interface SimulateOptions {
  /** Keep the lines of the history. */
  verbose?: boolean;
}

/** Late in the day: most histories go on past midnight, and the journal has a folder a day. */
const START = Date.parse('2026-11-22T22:30:00Z');
/** Work that is not done so long after the last fault never will be. */
const DRAIN_MS = 90 * 24 * 3_600_000;

/** More than ten times the most that was ever needed. */
const MOST_CALLS = 200_000;

export async function simulate(seed: number, { verbose = false }: SimulateOptions = {}): Promise<History> {
  const random = createRandom(seed);
  const settings = chooseSettings(random);
  const world = createWorld(seed, random, settings, verbose);
  await world.run();
  return world.history();
}

function createWorld(seed: number, random: Random, settings: Settings, verbose: boolean) {
  const { config, operationMs, pageSize, activityMs } = settings;
  const history: History = {
    seed,
    violations: [],
    lines: [],
    counts: { calls: 0, requests: 0, invocations: 0, operations: 0 },
    outcomes: {},
  };
  const published: PublishedEvent[] = [];
  const strangers = new Map<string, number>();
  const lostFiles = new Set<string>();
  const timeline: Timeline = createTimeline(START, () => invocations.isBusy());
  const isCalm = () => timeline.now() >= START + activityMs;

  function note(who: string, what: () => string): void {
    if (verbose) history.lines.push(shortened(`${shownTime(timeline.now() - START)} ${who.padEnd(18)} ${what()}`));
  }

  function violated(rule: string, what: string): void {
    if (history.violations.length < 10) history.violations.push(`${rule}: ${what}`);
    note('VIOLATED', () => `${rule}: ${what}`);
  }

  const witness: Witness = createWitness({
    now: () => timeline.now(),
    textOf: (bucket, name) => services.text(bucket, name),
    broken: (error) => violated('simulator', error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  const services = createServices({
    timeline,
    random,
    observer: {
      ...witness.observer,
      operationStarted(started) {
        witness.observer.operationStarted?.(started);
        misfortunes.started(started);
        users.operationStarted(started);
      },
      operationEnded(id, statuses) {
        note(
          'service',
          () => `operation ${id} ends${statuses ? `: ${statuses.map(({ code }) => code).join(' ')}` : ''}`,
        );
        witness.observer.operationEnded?.(id, statuses);
        const ended = witness.operations.get(id);
        if (ended !== undefined) users.operationEnded(ended);
      },
    },
    operationMs,
    pageSize,
    cloudinaryCalls: settings.cloudinaryCalls,
    note: (what) => note('service', () => what),
  });
  const asked = createAsked(services);
  const misfortunes = createMisfortunes({
    services,
    timeline,
    random,
    operationMs,
    rates: () => (isCalm() ? NO_MISFORTUNES : settings.misfortunes),
    note: (what) => note('service', () => what),
  });
  const real: Ports = {
    clock: services.clock,
    entropy: random,
    log: { write: () => undefined, with: () => real.log },
    objects: services.objects,
    productSearch: services.port,
    publisher: { publish: async (topic, message) => publish(topic, message) },
    derivedImages: services.derivedImages,
  };
  const invocations = createInvocations({
    timeline,
    random,
    real,
    config,
    skewMs: settings.skewMs,
    rates: () => (isCalm() ? NO_FAULTS : settings.faults),
    listener: {
      sent: witness.sent,
      before(call) {
        history.counts.calls += 1;
        if (call.method === 'importProductSets') misfortunes.beforeStart('import');
        if (call.method === 'purgeProducts') misfortunes.beforeStart('purge');
        witness.before(call);
      },
      after: witness.after,
      refused: witness.refused,
      started: () => {
        history.counts.invocations += 1;
      },
      heldUp: ({ requestId }) => {
        if (requestId !== undefined) users.heldUp(requestId);
      },
      log(invocation, severity, message, fields) {
        witness.logged(invocation, severity, message, fields);
        note(invocation.name, () => `${severity} ${message} ${fields.error ?? ''}`);
      },
      note,
    },
  });
  const platform = createPlatform({
    timeline,
    random,
    invocations,
    rates: () => (isCalm() ? NO_TROUBLE : settings.deliveries),
    subscriptionOf: (topic) => `${topic}-push`,
    lost: (requestId) => lostFiles.add(requestId),
    note,
  });
  const users = createUsers({
    timeline,
    random,
    services,
    asked,
    platform,
    witness,
    settings,
    strangers,
    published,
    isCalm,
    note,
  });

  function publish(topic: string, message: OutgoingMessage): string {
    if (topic === config.continuationsTopic) platform.continuationPublished(topic, message.data);
    if (topic === config.eventsTopic) {
      const { 'ce-id': id = '', 'ce-type': type = '', 'ce-subject': subject = '' } = message.attributes;
      const data = JSON.parse(message.data.toString('utf8')) as Record<string, unknown>;
      const event: PublishedEvent = { id, type, subject, data };
      published.push(event);
      users.told(event);
    }
    return `published-${published.length}`;
  }

  services.storage.onFinalize((object) => {
    witness.written(object);
    if (object.bucket === INTAKE) users.fileFinalized(object);
    const [, requestId] = /^snapshots\/(cmd-.*)\/snapshot\.json$/.exec(object.name) ?? [];
    if (requestId !== undefined) users.snapshotWritten(requestId);
  });

  const ruleWorld = {
    now: () => timeline.now(),
    config,
    skewMs: settings.skewMs,
    services,
    asked,
    witness,
    published,
    strangers,
    lostFiles,
  };
  for (const [name, rule] of Object.entries(RULES)) witness.add(rule(ruleWorld, (what) => violated(name, what)));

  function isDrained(): boolean {
    if (!isCalm() || platform.pending() > 0 || invocations.running() > 0) return false;
    if (witness.runningOperations().length > 0) return false;
    if (services.names(STATE, 'requests/open/').length + services.names(STATE, 'batches/open/').length > 0)
      return false;
    if (services.names(INTAKE, '').some((name) => /\.csv(?:\.gz)?$/.test(name))) return false;
    return services
      .names(STATE, 'reservations/')
      .every((name) => /"claims": \[\],\s*"queue": \[\]/.test(services.text(STATE, name)));
  }

  return {
    async run(): Promise<void> {
      let checkedAt = START;
      let isOver = false;
      note('settings', () => JSON.stringify(settings, (key, value) => (key === 'config' ? differing(value) : value)));
      users.furnish();
      users.plan();
      misfortunes.plan(activityMs);
      timeline.after(activityMs, () => misfortunes.end());
      platform.startTicks(
        () => tickPause(settings, timeline.now() - START),
        () => {
          checkedAt = timeline.now();
          isOver = isDrained() || checkedAt > START + activityMs + DRAIN_MS;
        },
      );
      await timeline.run(() => {
        if (history.counts.calls > MOST_CALLS) violated('ends', `after ${MOST_CALLS} calls there is no end of it`);
        return isOver || history.violations.length > 0;
      });
      if (history.violations.length === 0) witness.end();
      history.counts.requests = services.names(STATE, 'requests/closed/').length;
      history.counts.operations = witness.operations.size;
      history.outcomes = outcomesOf(published);
    },
    history: () => history,
  };
}

/** Once all is calm, the scheduler fires ever more seldom: what waits for a slot waits for a day. */
function tickPause({ tickMs, activityMs }: Settings, elapsed: number): number {
  const calmFor = elapsed - activityMs;
  return calmFor < 6 * tickMs ? tickMs : Math.min(2 * 3_600_000, Math.max(tickMs, calmFor / 3));
}
