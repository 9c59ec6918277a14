/** Key and secret of the Cloudinary account are in no object, event, log line or error that the system leaves behind. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createDerivedImages } from '../../shared/clients/derivedImages';
import { loadConfig } from '../../shared/config';
import { createLog } from '../../shared/log';
import { accountAt, CREDENTIALS, urlOf } from '../local/cloudinary/account';
import { createWorld, INTAKE, STATE, type World } from './world';

const { key, secret } = CREDENTIALS;
const HIDDEN = [
  secret,
  key,
  Buffer.from(`${key}:${secret}`).toString('base64'),
  encodeURIComponent(`${key}:${secret}`),
];

function everything(world: World): string {
  const stored = world.names(STATE).map((name) => world.text(`gs://${STATE}/${name}`));
  return [...stored, ...world.names(STATE), JSON.stringify(world.events())].join('\n');
}

/** A service that answers with all that it was sent. */
async function echoing(status: number) {
  const server = createServer((req, res) => {
    const text = `${req.headers.authorization} ${key} ${secret} ${req.url}`;
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: text } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

it.each([400, 401, 403, 409, 420, 500, 503])(
  'are hidden where the service repeats them with HTTP %d',
  async (status) => {
    const { url, close } = await echoing(status);
    const lines: string[] = [];
    const world = createWorld({}, { derivedImages: () => createDerivedImages(accountAt(url)) });
    world.ports.log = createLog((line) => lines.push(line));

    await world.publish({ command: 'deleteDerivedResources', select: { publicIds: ['a'] }, keepOriginal: true });
    const open = await world.open();
    await close();

    const text = `${everything(world)}\n${lines.join('\n')}\n${JSON.stringify(open)}`;
    expect(text).toContain('Cloudinary');
    for (const hidden of HIDDEN) expect(text).not.toContain(hidden);
  },
);

it('are hidden in the configuration, however it is written out', () => {
  const environment = { GOOGLE_CLOUD_PROJECT: 'p', INTAKE_BUCKET: INTAKE, STATE_BUCKET: STATE };
  const config = loadConfig({ ...environment, CLOUDINARY_URL: urlOf('https://api.cloudinary.com') });

  const text = `${JSON.stringify(config)} ${inspect(config, { depth: 9, showHidden: true })}`;
  expect(text).toContain('shop');
  for (const hidden of HIDDEN) expect(text).not.toContain(hidden);
});

it.each([
  `https://${key}:${secret}@shop`,
  `cloudinary://${key}@shop`,
  `cloudinary://${key}:${secret}@shop?upload_prefix=http://example.com`,
  `cloudinary://${key}:${secret}@shop?upload_prefix=nowhere`,
  `${key}:${secret}`,
])('are hidden where the variable is refused: %#', (url) => {
  const environment = { GOOGLE_CLOUD_PROJECT: 'p', INTAKE_BUCKET: INTAKE, STATE_BUCKET: STATE, CLOUDINARY_URL: url };

  let text = '';
  try {
    loadConfig(environment);
  } catch (error) {
    text = inspect(error, { depth: 9 });
  }
  expect(text).toContain('CLOUDINARY_URL must');
  for (const hidden of HIDDEN) expect(text).not.toContain(hidden);
});
