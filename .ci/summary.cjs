// Prints what Vitest itself counted: a line for each NAME=REPORT.json, what failed in it, then "N passed, N failed" over all of them.
// Exits with 1 when a run left no report, failed, or ran nothing.
'use strict';
const fs = require('node:fs');

const totals = { passed: 0, failed: 0 };
let complete = true;
for (const argument of process.argv.slice(2)) {
  const [name, file] = argument.split('=');
  if (!fs.existsSync(file)) {
    complete = false;
    console.log(`${name}: did not end with a report`);
    continue;
  }
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  // A file that cannot be loaded has no tests to count, and is one failure.
  const unloaded = report.testResults.filter(
    (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const counts = { passed: report.numPassedTests, failed: report.numFailedTests + unloaded };
  const skipped = report.numPendingTests + report.numTodoTests;
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  if (!report.success || counts.passed === 0) complete = false;
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${skipped} skipped`);
  for (const { name: path, message, assertionResults, status } of report.testResults) {
    if (status !== 'failed') continue;
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) console.log(`  ${path}: ${message.slice(0, 500)}`);
    for (const test of failed)
      console.log(`  ${path}: ${test.fullName}: ${test.failureMessages.join(' ').slice(0, 500)}`);
  }
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = complete ? 0 : 1;
