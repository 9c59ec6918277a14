import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { scripts } from '../package.json';
import { BUILT_IN, CloudBuild } from './cloudbuildSchema';

const ROOT = join(__dirname, '..');
const raw: unknown = parse(readFileSync(join(ROOT, 'cloudbuild.yaml'), 'utf8'));
const build = CloudBuild.parse(raw);
const stepOf = (id: string) => build.steps.find((step) => step.id === id);
const scriptOf = (id: string) => stepOf(id)?.script ?? '';
const variation = (change: object) => CloudBuild.safeParse({ ...(raw as object), ...change }).success;

describe('cloudbuild.yaml', () => {
  it('has no field that Cloud Build lacks, and says where the logs of its own account go', () => {
    expect(build.serviceAccount).toMatch(/^projects\/\$PROJECT_ID\/serviceAccounts\//);
    expect(build.options?.logging).toBe('CLOUD_LOGGING_ONLY');
    expect(variation({ step: [] })).toBe(false);
    expect(variation({ options: {} })).toBe(false);
    expect(variation({ steps: [{ name: 'node:24.21.0', script: 'a', args: ['b'] }] })).toBe(false);
  });

  it('installs, checks, tests, bundles and plans, in that order, before it applies', () => {
    expect(build.steps.map(({ id }) => id)).toEqual(['install', 'check', 'test', 'bundle', 'plan', 'digest', 'apply']);
    const seen = new Set<string>();
    for (const { id = '', waitFor = [] } of build.steps) {
      expect(waitFor.filter((other) => !seen.has(other))).toEqual([]);
      seen.add(id);
    }
  });

  it('runs on images of one version each', () => {
    for (const { name } of build.steps) expect(name).toMatch(/^[a-z/]+:\d+\.\d+\.\d+(?:@sha256:[0-9a-f]{64})?$/);
    expect(new Set(build.steps.map(({ name }) => name)).size).toBe(2);
  });

  it('uses every substitution that it names, and names every one that it uses', () => {
    const { substitutions = {}, ...rest } = build;
    // Scripts see their environment only; Cloud Build would take `$NAME` of them for none of its own.
    const text = JSON.stringify({ ...rest, steps: rest.steps.map(({ script: _script, ...step }) => step) });
    const used = new Set([...text.matchAll(/\$\{?([A-Z_][A-Z0-9_]*)\}?/g)].map(([, name = '']) => name));

    expect([...used].filter((name) => !BUILT_IN.has(name)).sort()).toEqual(Object.keys(substitutions).sort());
  });
});

describe('the scripts of the steps', () => {
  it.each(build.steps.map(({ id = '', script = '' }) => [id, script]))(
    '%s is a shell script that stops at its first fault',
    (_id, script) => {
      const [, shell = ''] = /^#!(?:\/usr\/bin\/env )?(?:\/bin\/)?(bash|sh)\n/.exec(script) ?? [];

      expect(script).toMatch(/^#!.*\nset -eu/);
      expect(spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    },
  );

  it('ask npm only for scripts that there are, and node only for files that there are', () => {
    const all = build.steps.map(({ script = '' }) => script).join('\n');
    const asked = [...all.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name);
    const files = [...all.matchAll(/node (\S+\.mjs)/g)].map(([, file = '']) => file);

    expect(asked).toEqual(['ci', 'check', 'test', 'build']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(asked.slice(1)));
    expect(files.map((file) => existsSync(join(ROOT, file)))).toEqual([true]);
  });
});

describe('planning and applying', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'cloudbuild-'));
  const dir = build.substitutions?._TERRAFORM_DIR ?? '';
  const log = join(workspace, 'terraform.log');

  /** Stands for Terraform: writes down what it is asked, and gives a plan where one is shown. */
  const STUB = `#!/bin/sh
echo "$@" >> '${log}'
case "$1" in show) cat '${workspace}/plan.json';; esac
`;

  beforeAll(() => {
    mkdirSync(join(workspace, 'bin'), { recursive: true });
    mkdirSync(join(workspace, dir), { recursive: true });
    mkdirSync(join(workspace, '.ci'));
    cpSync(join(ROOT, '.ci/planDigest.mjs'), join(workspace, '.ci/planDigest.mjs'));
    writeFileSync(join(workspace, 'bin', 'terraform'), STUB);
    chmodSync(join(workspace, 'bin', 'terraform'), 0o755);
  });

  afterAll(() => rmSync(workspace, { recursive: true, force: true }));

  function run(id: string, substitutions: Record<string, string> = {}) {
    const values: Record<string, string> = { PROJECT_ID: 'my-project', ...build.substitutions, ...substitutions };
    const env = (stepOf(id)?.env ?? []).map((line) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return [name, value.replace(/\$\{?([A-Z_]+)\}?/g, (_, variable: string) => values[variable] ?? '')];
    });
    const path = [join(workspace, 'bin'), process.env.PATH].join(delimiter);
    return spawnSync('sh', ['-c', scriptOf(id).startsWith('#!/bin/sh') ? scriptOf(id) : `bash -c '${scriptOf(id)}'`], {
      cwd: workspace,
      env: { ...Object.fromEntries(env), PATH: path },
      encoding: 'utf8',
    });
  }

  const asked = () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []);

  function planned(after: object): string {
    const change = { actions: ['update'], before: { a: 1 }, after, after_unknown: {} };
    const same = { actions: ['no-op'], before: { at: Date.now() }, after: { at: Date.now() }, after_unknown: {} };
    const resource_changes = [
      { address: 'google_pubsub_topic.b', change },
      { address: 'google_pubsub_topic.a', change: same },
    ];
    writeFileSync(join(workspace, 'plan.json'), JSON.stringify({ timestamp: new Date(), resource_changes }));
    rmSync(log, { force: true });
    expect(run('plan')).toMatchObject({ status: 0 });
    expect(run('digest')).toMatchObject({ status: 0 });
    return readFileSync(join(workspace, dir, 'build.tfplan.digest'), 'utf8').trim();
  }

  it('keeps the state in a bucket, and makes one plan that it does not apply by itself', () => {
    const digest = planned({ a: 2 });
    const { status, stdout } = run('apply');

    expect(asked()).toEqual([
      'fmt -check -recursive terraform',
      'init -backend-config=bucket=my-project-terraform -backend-config=prefix=product-search-cleanup',
      'validate',
      'plan -var=project_id=my-project -out=build.tfplan',
      'show -json build.tfplan',
    ]);
    expect(readFileSync(join(workspace, dir, 'backend_override.tf'), 'utf8')).toContain('backend "gcs" {}');
    expect([status, stdout]).toEqual([0, expect.stringContaining(`_APPLY=${digest}`)]);
  });

  it('applies the plan that was read, and no other', () => {
    const read = planned({ a: 2 });
    expect(run('apply', { _APPLY: read })).toMatchObject({ status: 0 });
    expect(asked().at(-1)).toBe('apply build.tfplan');

    const other = planned({ a: 3 });
    const { status, stderr } = run('apply', { _APPLY: read });
    expect(other).not.toBe(read);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`the plan has the digest ${other}, not ${read}`)]);
    expect(asked().filter((line) => line.startsWith('apply'))).toEqual([]);
  });

  it('has the same digest for plans that do the same, and applies any where it is told to', () => {
    expect(planned({ a: 2 })).toBe(planned({ a: 2 }));
    expect(run('apply', { _APPLY: 'yes' })).toMatchObject({ status: 0 });
    expect(asked().at(-1)).toBe('apply build.tfplan');
  });

  it('fails where a plan cannot be read', () => {
    writeFileSync(join(workspace, dir, 'build.tfplan.json'), 'no plan');

    expect(run('digest').status).not.toBe(0);
    expect(() =>
      execFileSync(process.execPath, ['.ci/planDigest.mjs', 'none'], { cwd: ROOT, stdio: 'pipe' }),
    ).toThrow();
  });
});
