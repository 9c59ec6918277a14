import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { createLocalFiles, environmentOf } from '../../local/localFiles';

const PLACES = {
  consoleUrl: 'http://127.0.0.1:8080',
  pubsubHost: '127.0.0.1:8085',
  storagePort: 8086,
  visionPort: 8087,
  cloudinaryPort: 8088,
  projectId: 'local-project',
};

const folder = mkdtempSync(join(tmpdir(), "local files of 'mine'-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the environment for other terminals', () => {
  it('has every variable of the contract', () => {
    expect(environmentOf(PLACES, '127.0.0.1', '/x/boto')).toEqual({
      CONSOLE_URL: 'http://127.0.0.1:8080',
      PUBSUB_EMULATOR_HOST: '127.0.0.1:8085',
      STORAGE_EMULATOR_HOST: 'http://127.0.0.1:8086',
      VISION_EMULATOR_HOST: '127.0.0.1:8087',
      CLOUDINARY_URL: 'cloudinary://key:secret@local?upload_prefix=http://127.0.0.1:8088',
      GOOGLE_CLOUD_PROJECT: 'local-project',
      CLOUDSDK_CORE_PROJECT: 'local-project',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: 'http://127.0.0.1:8085/',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: 'http://127.0.0.1:8086/',
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      METADATA_SERVER_DETECTION: 'none',
      BOTO_CONFIG: '/x/boto',
    });
  });

  it('is a file of exports that a shell reads back as it was, whatever the folder is called', () => {
    const files = createLocalFiles(join(folder, 'new', 'one'));
    const environment = environmentOf({ ...PLACES, projectId: "it's $HOME `x`" }, '127.0.0.1', files.boto);
    files.writeEnvironment(environment);

    const script = '. "$1/env" && printf "%s\\n" "$GOOGLE_CLOUD_PROJECT" "$BOTO_CONFIG" "$CLOUDINARY_URL"';
    const shell = spawnSync('sh', ['-c', script, 'sh', files.folder], { encoding: 'utf8' });

    expect(shell.stdout.split('\n')).toEqual([
      environment.GOOGLE_CLOUD_PROJECT,
      environment.BOTO_CONFIG,
      environment.CLOUDINARY_URL,
      '',
    ]);
    const lines = readFileSync(join(files.folder, 'env'), 'utf8').trimEnd().split('\n');
    expect(lines.every((line) => /^export [A-Z_]+='.*'$/.test(line))).toBe(true);
  });

  it('comes with a boto file by its absolute path', () => {
    const files = createLocalFiles(folder);
    files.writeEnvironment({});

    expect(isAbsolute(files.boto)).toBe(true);
    expect(readFileSync(files.boto, 'utf8')).toBe('[GSUtil]\nuse_gcloud_storage = True\n');
  });
});

describe('the list of functions', () => {
  it('is written whole, over the former one, and leaves nothing beside it', () => {
    const files = createLocalFiles(join(folder, 'functions'));

    files.writeFunctions({ runCommand: { url: 'http://127.0.0.1:4001', pid: 1 } });
    files.writeFunctions({ runCommand: { url: 'http://127.0.0.1:4001', pid: 2 } });

    expect(JSON.parse(readFileSync(join(files.folder, 'functions.json'), 'utf8'))).toEqual({
      runCommand: { url: 'http://127.0.0.1:4001', pid: 2 },
    });
    expect(readdirSync(files.folder)).toEqual(['functions.json']);
  });
});
