/** What an example makes, out of the report of `terraform test -json -verbose`. */

export interface Made {
  /** `module.product_search_cleanup.google_storage_bucket.intake`. */
  address: string;
  mode: 'managed' | 'data';
  type: string;
  name: string;
  index?: string | number;
  // The values of a resource are whatever its provider says; each test asks for what it needs.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  values: any;
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
