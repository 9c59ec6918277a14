import { createPubsubModel } from '../../local/pubsub/model';
import { startPubsubServer } from '../../local/pubsub/server';
import { testPubsub } from './pubsub';
import { findEmulatorJar, startEmulator } from './pubsubEmulator';

const clock = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

testPubsub('the local service', async () => {
  const { port, close } = await startPubsubServer({ model: createPubsubModel({ clock }), port: 0, host: '127.0.0.1' });
  return { host: `127.0.0.1:${port}`, close };
});

const jar = findEmulatorJar();
if (jar) testPubsub("Google's emulator", () => startEmulator(jar));
else console.info("Google's Pub/Sub emulator (its jar and Java) is not installed: its contract cases are left out.");
