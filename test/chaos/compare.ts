/** The differences between two states, one line each, by path. Pure. */

/** Empty where they are equal. `left` and `right` are what the two are called. */
export function differences(left: { name: string; state: unknown }, right: { name: string; state: unknown }): string[] {
  const [a, b] = [flat(left.state), flat(right.state)];
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return paths
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => `${path}: ${left.name} ${shown(a.get(path))}, ${right.name} ${shown(b.get(path))}`);
}

const SHOWN_CHARACTERS = 300;

function shown(leaf = 'nothing'): string {
  return leaf.length > SHOWN_CHARACTERS ? `${leaf.slice(0, SHOWN_CHARACTERS)}…` : leaf;
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
