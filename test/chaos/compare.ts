/** The differences between two states, one line each, by path. Pure. */

/** Empty where they are equal. `left` and `right` are what the two are called. */
export function differences(left: { name: string; state: unknown }, right: { name: string; state: unknown }): string[] {
  const [a, b] = [flat(left.state), flat(right.state)];
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return paths
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => `${path}: ${left.name} ${a.get(path) ?? 'nothing'}, ${right.name} ${b.get(path) ?? 'nothing'}`);
}

/** Every leaf by its path, as JSON; an empty list or object is a leaf, too. */
function flat(value: unknown, path = '', leaves = new Map<string, string>()): Map<string, string> {
  const isBranch = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isBranch) {
    if (value !== undefined) leaves.set(path, JSON.stringify(value));
    return leaves;
  }
  for (const [name, part] of Object.entries(value)) flat(part, path === '' ? name : `${path} › ${name}`, leaves);
  return leaves;
}
