/** What a run of the load case has to show, and whether it did. Pure. */
import { createHash } from 'node:crypto';

/** How long a tick may take: the time limit of the function (`limits` of pollOperations in terraform/functions.tf). */
export const TICK_LIMIT_MS = 300_000;
/** How much more resident memory the last quarter of the run may have than the second: the first fills what is kept. */
export const MEMORY_FACTOR = 1.5;
/** Two samples a quarter; of a run with fewer nothing can be said. */
const LEAST_SAMPLES = 8;
/** From here on more is sent than can be done at once. */
const FULL_SIZE = { deletes: 10_000, files: 1_000 };
const SHOWN = 5;

/** The id of the request that a dropped file becomes, as `shared/core/names.ts` makes it. */
export function importRequestId(bucket, name, generation) {
  const digest = createHash('sha256').update(JSON.stringify([bucket, name, String(generation)]));
  return `imp-${digest.digest('hex').slice(0, 32)}`;
}

/**
 * One sentence for each thing that is wrong; none for a good run.
 * `sent`: request id and, where it is not to succeed, `expected` outcome, of everything that was sent · `events`: request
 * id, event id, outcome and content of every terminal event, repeats included · `died`: lines that tell of processes that
 * ended · `ticks`: milliseconds · `memory`: samples in MB by function · `size`: how many deletes and files · `open`: the most
 * open requests that the console showed · `waiting`: how many requests said what they wait for.
 */
export function judge({ sent, events, died, ticks, memory, size, open, waiting }) {
  return [
    ...endFaults(sent, events),
    ...contentFaults(events),
    ...died.map((line) => `a function process died: ${line}`),
    ...tickFaults(ticks),
    ...Object.entries(memory).flatMap(([name, samples]) => memoryFaults(name, samples)),
    ...(isFull(size) && open === 0 && waiting === 0
      ? ['no back-pressure was visible: the console showed no open request, and none said what it waits for']
      : []),
  ];
}

/** The medians of the second and the last quarter; null where there are too few samples. */
export function quarters(samples) {
  const alive = samples.filter((mb) => mb > 0);
  if (alive.length < LEAST_SAMPLES) return null;
  const quarter = Math.floor(alive.length / 4);
  return { second: median(alive.slice(quarter, 2 * quarter)), last: median(alive.slice(-quarter)) };
}

/** By request: whatever was sent has one terminal event id and the outcome that it is to have. */
function endFaults(sent, events) {
  const expected = new Map(sent.map((request) => [request.requestId, request.expected ?? 'succeeded']));
  const ends = new Map();
  for (const { requestId, id, outcome } of events) {
    const end = ends.get(requestId) ?? { ids: new Set(), outcomes: new Set() };
    ends.set(requestId, { ids: end.ids.add(id), outcomes: end.outcomes.add(outcome) });
  }
  const others = [...expected].flatMap(([requestId, outcome]) => {
    const other = [...(ends.get(requestId)?.outcomes ?? [])].filter((one) => one !== outcome);
    return other.length === 0 ? [] : [`${requestId} (${other.join(', ')}, not ${outcome})`];
  });
  return [
    ...told(
      'lost',
      [...expected.keys()].filter((requestId) => !ends.has(requestId)),
    ),
    ...told(
      'with two terminal ids',
      [...ends].filter(([, { ids }]) => ids.size > 1).map(([requestId]) => requestId),
    ),
    ...told('ended otherwise than it should', others),
    ...told(
      'ended although nobody sent it',
      [...ends.keys()].filter((requestId) => !expected.has(requestId)),
    ),
  ];
}

function contentFaults(events) {
  const contents = new Map();
  for (const { id, content } of events) contents.set(id, (contents.get(id) ?? new Set()).add(content));
  return told(
    'published with two contents',
    [...contents].filter(([, all]) => all.size > 1).map(([id]) => id),
  );
}

function tickFaults(ticks) {
  if (ticks.length === 0) return ['no tick was logged'];
  const longest = Math.max(...ticks);
  return longest < TICK_LIMIT_MS ? [] : [`a tick took ${longest} ms; it has ${TICK_LIMIT_MS} ms`];
}

function memoryFaults(name, samples) {
  const medians = quarters(samples);
  if (medians === null || medians.last <= medians.second * MEMORY_FACTOR) return [];
  const [second, last] = [medians.second, medians.last].map((mb) => mb.toFixed(0));
  return [`the memory of ${name} grew from ${second} to ${last} MB, by more than the factor ${MEMORY_FACTOR}`];
}

function isFull({ deletes, files }) {
  return deletes >= FULL_SIZE.deletes && files >= FULL_SIZE.files;
}

function told(what, names) {
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return [`${what}: ${names.length}: ${names.slice(0, SHOWN).join(', ')}${more}`];
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;
}
