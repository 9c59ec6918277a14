/** What an example makes, out of the report of `terraform test -json -verbose`. */

export interface Made {
  /** `module.product_search_cleanup.google_storage_bucket.intake`. */
  address: string;
  mode: 'managed' | 'data';
  type: string;
  name: string;
  index?: string | number;
  /** Whatever the provider's schema has: read with `part`, `text` and `list`. */
  values: unknown;
}

interface ModuleState {
  resources?: Made[];
  child_modules?: ModuleState[];
}

interface Line {
  '@message'?: string;
  '@testfile'?: string;
  '@testrun'?: string;
  type?: string;
  test_run?: { progress: string; status?: string };
  test_summary?: { passed: number; failed: number; errored: number; skipped: number };
  test_state?: { root_module?: ModuleState };
  diagnostic?: { summary: string; detail: string };
}

export interface Report {
  passed: number;
  /** One line each. */
  faults: string[];
  /** By file and run: `tests/examples.tftest.hcl full`. */
  made: Map<string, Made[]>;
}

function flat(module: ModuleState): Made[] {
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(flat)];
}

export function readReport(output: string): Report {
  const report: Report = { passed: 0, faults: [], made: new Map() };
  for (const text of output.split('\n').filter((line) => line.startsWith('{'))) {
    const line = JSON.parse(text) as Line;
    const run = `${line['@testfile']} ${line['@testrun']}`;
    if (line.test_state?.root_module !== undefined) report.made.set(run, flat(line.test_state.root_module));
    if (line.test_summary !== undefined) report.passed = line.test_summary.passed;
    if (line.diagnostic !== undefined)
      report.faults.push(`${run}: ${line.diagnostic.summary} ${line.diagnostic.detail}`);
  }
  return report;
}

/** The resources of one type. */
export function ofType(made: readonly Made[], type: string): Made[] {
  return made.filter((one) => one.mode === 'managed' && one.type === type);
}

/** `service_config.0.uri` of its values; undefined where there is none. */
export function part(of: Made, path: string): unknown {
  return partOf(of.values, path);
}

export function partOf(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((found, name) => {
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[name] : undefined;
  }, value);
}

export function text(of: Made, path: string): string {
  return String(part(of, path));
}

/** The parts of a list or of a repeated block; empty where there is none. */
export function list(of: Made, path: string): unknown[] {
  const found = part(of, path);
  return Array.isArray(found) ? found : [];
}
