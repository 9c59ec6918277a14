/** Runs terraform on a copy of terraform/ with the stand-in providers: no network, nothing left behind in the checkout. */
import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandIn } from './standInProvider';

export const ROOT = join(__dirname, '..', '..');

export interface Ran {
  /** Exit status. */
  status: number;
  /** Standard output and standard error. */
  output: string;
}

export interface Terraform {
  /** Runs in `folder` of the copy of terraform/. */
  run(arguments_: readonly string[], folder?: string): Promise<Ran>;
  /** Writes a file into the copy. */
  write(path: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

/** The installed version, or null where terraform is not installed or older than 1.7 (`mock_provider`). */
export function terraformVersion(): string | null {
  try {
    const told: unknown = JSON.parse(execFileSync('terraform', ['version', '-json'], { encoding: 'utf8', env: env() }));
    const version = (told as { terraform_version: string }).terraform_version;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return major > 1 || (major === 1 && minor >= 7) ? version : null;
  } catch {
    return null;
  }
}

/** No settings of the machine, no call home. */
function env(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: '/dev/null', ...more };
}

/** The copy lies beside a copy of shared/config.ts, which the tests of terraform/ read. */
export async function startTerraform(): Promise<Terraform> {
  const standIn = await startStandIn();
  const copy = await mkdtemp(join(tmpdir(), 'terraform-copy-'));
  const ignored = /[/\\](?:\.terraform(?:\.lock\.hcl)?|[^/\\]*\.tfstate[^/\\]*)$/;
  await cp(join(ROOT, 'terraform'), join(copy, 'terraform'), {
    recursive: true,
    filter: (path) => !ignored.test(path),
  });
  await cp(join(ROOT, 'shared', 'config.ts'), join(copy, 'shared', 'config.ts'));
  return {
    run(arguments_, folder = '.') {
      const options = {
        cwd: join(copy, 'terraform', folder),
        env: env({ TF_REATTACH_PROVIDERS: standIn.reattach }),
        maxBuffer: 64 * 1024 * 1024,
      };
      return new Promise((resolve) => {
        execFile('terraform', arguments_, options, (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
          resolve({ status, output: stdout + stderr });
        });
      });
    },
    write: (path, text) => writeFile(join(copy, 'terraform', path), text),
    async stop() {
      await standIn.stop();
      await rm(copy, { recursive: true, force: true });
    },
  };
}
