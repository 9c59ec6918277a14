/** Reads jest's JSON report and prints `PASSED FAILED`; a suite that could not run counts as a failure. */
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numTotalTests } = report;
if (numTotalTests === 0) throw new Error('no test ran');
console.log(numPassedTests, numFailedTests + numRuntimeErrorTestSuites);
