/** The whole system on one machine: services, functions, scheduler, console. Stays up until Ctrl-C. */
import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig } from '../shared/config';
import { createLog } from '../shared/log';
import { createFunctionProcesses, PortError } from './functionProcesses';
import { createLocalFiles, environmentOf, shellWord } from './localFiles';
import { createMessaging } from './messaging';
import { makeSampleDrop } from './sampleDrop';
import { startScheduler } from './scheduler';
import { IMAGES_BUCKET, startServices } from './services';
import { readSettings, type Settings } from './settings';
import { deliverFinalizeEvents } from './storage/finalizeEvents';
import { tellStory } from './story';

const DIST = resolve(__dirname, '..');
const EVENT_FUNCTIONS = ['importProductSets', 'runCommand', 'continueRequest', 'pollOperations'];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The functions' environment: what the user set wins. */
function functionsEnvironment(settings: Settings, environment: Record<string, string>): NodeJS.ProcessEnv {
  return {
    REMOVABLE_IMAGES: `gs://${IMAGES_BUCKET}/`,
    IMPORTS_PER_DAY: String(settings.LOCAL_IMPORTS_PER_DAY),
    MANAGEMENT_CALLS_PER_MINUTE: String(settings.LOCAL_CALLS_PER_MINUTE),
    INDEX_WATCH_SECONDS: String(Math.max(1, Math.ceil(settings.LOCAL_INDEX_SECONDS / 2))),
    START_SETTLE_SECONDS: String(Math.ceil(2 * settings.LOCAL_OPERATION_SECONDS)),
    // As in the cloud: an answer to a broken request shows no stack.
    NODE_ENV: 'production',
    ...process.env,
    ...environment,
    INTAKE_BUCKET: settings.INTAKE_BUCKET,
    STATE_BUCKET: settings.STATE_BUCKET,
    COMMANDS_TOPIC: settings.COMMANDS_TOPIC,
    EVENTS_TOPIC: settings.EVENTS_TOPIC,
    CONTINUATIONS_TOPIC: settings.CONTINUATIONS_TOPIC,
    NODE_OPTIONS: '',
  };
}

/** What a function logs as an error, in one line; the log file has it whole. */
function errorLine(name: string, line: string): string | null {
  if (!line.includes('"severity":"ERROR"')) return null;
  try {
    const { message, error, requestId } = JSON.parse(line) as Record<string, unknown>;
    return `error      ${name}: ${[message, requestId, error].filter((part) => part !== undefined).join(': ')}`;
  } catch {
    return null;
  }
}

async function run(): Promise<void> {
  const begun = Date.now();
  const settings = readSettings(process.env, process.argv);
  const files = createLocalFiles(settings.LOCAL_DIR);
  const logFile = createWriteStream(join(files.folder, 'log.jsonl'));
  const log = createLog((line) => logFile.write(`${line}\n`), { function: 'local' });
  const { storage, servers, pubsub } = await startServices(settings);
  const places = {
    pubsubHost: pubsub.host,
    storagePort: servers.storage.port,
    visionPort: servers.vision.port,
    cloudinaryPort: servers.cloudinary.port,
    projectId: settings.GOOGLE_CLOUD_PROJECT,
    consoleUrl: '',
  };
  const env = functionsEnvironment(settings, environmentOf(places, settings.host, files.boto));
  // The functions read it on their first call only: what they would refuse then is told before anything says ready.
  loadConfig(env);
  const functions = createFunctionProcesses({
    host: settings.host,
    program: join(DIST, 'local', 'functionHost.js'),
    bundleOf: (name) => join(DIST, name, 'index.js'),
    env,
    onLine: (name, line) => {
      logFile.write(`${line}\n`);
      const told = errorLine(name, line);
      if (told !== null) print(told);
    },
    onStarted: (running) => files.writeFunctions(running),
    onDied: (name, how) => print(`${name} ended (${how}); it is started again`),
  });
  stopOnSignals(functions.stop);
  endWithNpm();

  const messaging = createMessaging(pubsub.host, settings);
  await messaging.createTopics();
  await Promise.all(EVENT_FUNCTIONS.map((name) => functions.start(name, 0)));
  await messaging.pushTo(settings.COMMANDS_TOPIC, functions.urlOf('runCommand') ?? '');
  await messaging.pushTo(settings.CONTINUATIONS_TOPIC, functions.urlOf('continueRequest') ?? '');
  deliverFinalizeEvents({
    model: storage,
    bucket: settings.INTAKE_BUCKET,
    target: () => functions.urlOf('importProductSets'),
    log,
    backoff: { firstMs: 1_000, maxMs: 60_000 },
  });
  startScheduler({ url: () => functions.urlOf('pollOperations'), everyMs: settings.LOCAL_TICK_SECONDS * 1_000, log });
  // The console answers /healthz as soon as it listens, so it comes last.
  const { url: consoleUrl } = await functions.start('console', settings.CONSOLE_PORT);
  const environment = environmentOf({ ...places, consoleUrl }, settings.host, files.boto);
  files.writeEnvironment(environment);
  tellStory(storage, settings.STATE_BUCKET, print);

  print('');
  print(`  Console          ${consoleUrl}`);
  print(`  Pub/Sub          ${environment.PUBSUB_EMULATOR_HOST}`);
  print(`  Cloud Storage    ${environment.STORAGE_EMULATOR_HOST}`);
  print(`  Product Search   ${environment.VISION_EMULATOR_HOST}`);
  print(`  Cloudinary       ${servers.cloudinary.url}`);
  print(`  Log              ${join(settings.LOCAL_DIR, 'log.jsonl')}`);
  print('');
  print(
    `ready in ${((Date.now() - begun) / 1_000).toFixed(1)} s; in another terminal: source ${shellWord(join(settings.LOCAL_DIR, 'env'))}`,
  );
  if (!settings.empty) print(makeSampleDrop(storage, settings.INTAKE_BUCKET));
}

function stopOnSignals(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop();
      process.exit(0);
    });
  }
  process.on('exit', stop);
}

const PARENT_CHECK_MS = 500;

/** Where npm is killed, it cannot pass that on: without it nobody could end this system any more but by looking for it. */
function endWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const check = () => {
    if (process.ppid !== parent) process.exit(0);
  };
  setInterval(check, PARENT_CHECK_MS).unref();
}

run().catch((error: unknown) => {
  const isPort = error instanceof PortError && error.code === 'EADDRINUSE';
  const message = error instanceof Error ? error.message : String(error);
  const port = /port (\d+)/.exec(message)?.[1];
  process.stderr.write(
    isPort ? `Port ${port} is in use; set CONSOLE_PORT to another (0 takes a free one)\n` : `${message}\n`,
  );
  process.exit(1);
});
