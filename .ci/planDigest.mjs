/**
 * Prints a digest of what a Terraform plan would change, from `terraform show -json`. Two plans with the same digest do
 * the same; times and other things that differ from run to run are left out.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { resource_changes: changes = [], output_changes: outputs = {} } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);

const resources = changes
  .filter(({ change }) => change.actions.some((action) => action !== 'no-op' && action !== 'read'))
  .map(({ address, change: { actions, before, after, after_unknown } }) => ({
    address,
    actions,
    before,
    after,
    after_unknown,
  }))
  .sort((one, other) => (one.address < other.address ? -1 : 1));

/** With keys in order, whatever order they were written in. */
function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
}

const digest = createHash('sha256')
  .update(JSON.stringify(ordered({ resources, outputs })))
  .digest('hex');
console.log(digest.slice(0, 16));
