/** The `package.json` and `package-lock.json` of each function: what stays outside its bundle, in the versions tested here. */

/** https://docs.cloud.google.com/run/docs/runtimes/function-runtimes: the runtime `nodejs24`. */
const NODE = '24.x';

/**
 * The two files for a bundle that imports `imports` at run time. Without scripts, so that the buildpack runs none, and
 * with a lock, so that it installs exactly what the tests ran on (`npm ci`).
 */
export function functionPackage(name, imports, { rootPackage, rootLock }) {
  const dependencies = Object.fromEntries(imports.map((path) => exactVersion(name, path, rootPackage)));
  const head = { name: kebabCase(name), version: rootPackage.version, license: rootPackage.license };
  const engines = { node: NODE };
  const packages = {
    '': { ...head, dependencies, engines },
    ...lockedSubtree(Object.keys(dependencies), rootLock.packages),
  };
  return {
    'package.json': { ...head, private: true, main: 'index.js', engines, dependencies },
    'package-lock.json': { name: head.name, version: head.version, lockfileVersion: 3, requires: true, packages },
  };
}

function kebabCase(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function exactVersion(name, path, { dependencies }) {
  const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(path)[0];
  const version = dependencies[packageName];
  if (version === undefined)
    throw new Error(`${name} imports ${path}, which package.json does not list as a dependency`);
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`package.json must give one version of ${packageName}`);
  return [packageName, version];
}

/** The entries of the lock that the packages need, at the same places; found as Node finds them, from the inside out. */
function lockedSubtree(names, locked) {
  const needed = new Map();
  function visit(from, name, isOptional) {
    const at = placeOf(from, name, locked);
    if (at === null && isOptional) return;
    if (at === null) throw new Error(`package-lock.json lacks ${name}, needed by ${from || 'the function'}`);
    if (needed.has(at)) return;
    needed.set(at, locked[at]);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = locked[at];
    for (const other of Object.keys(dependencies)) visit(at, other, false);
    for (const other of Object.keys({ ...optionalDependencies, ...peerDependencies })) visit(at, other, true);
  }
  for (const name of names) visit('', name, false);
  return Object.fromEntries([...needed].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function placeOf(from, name, locked) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const at = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (locked[at] !== undefined) return at;
    if (folder === '') return null;
  }
}
