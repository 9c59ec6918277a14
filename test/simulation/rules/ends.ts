/** Whatever is dropped or published ends in exactly one terminal event; ledger, journal and subscribers agree on it. */
import type { OutgoingEvent } from '../../../shared/core/outgoingEvent';
import { INTAKE, STATE } from '../services';
import type { Rule, RuleWorld } from './rule';

const TERMINAL = /^product-search\.\w+\.completed\.v1$/;
/** A region that is none of ours is refused, and the file is archived; what is no CSV is left alone. */
const IGNORED = /(?<!\.csv)(?<!\.csv\.gz)$/;

function journal({ services }: RuleWorld): Map<string, OutgoingEvent> {
  const events = services
    .names(STATE, 'events/')
    .map((name) => JSON.parse(services.text(STATE, name)) as OutgoingEvent);
  return new Map(events.map((event) => [event.id, event]));
}

export const ends: Rule = (world, violated) => {
  const written = new Map<string, string>();
  return {
    objectWritten({ bucket, name, generation }) {
      if (bucket !== STATE || !/^(?:events|requests\/closed|batches\/closed|archive)\//.test(name)) return;
      if (written.has(name)) violated(`${name} is written a second time`);
      written.set(name, generation);
    },
    atEnd() {
      checkOpen(world, violated);
      const events = journal(world);
      checkPublished(world, events, violated);
      checkFiles(world, violated);
      checkCommands(world, events, violated);
      for (const name of world.services.names(STATE, 'requests/closed/')) {
        checkClosed(world, name.slice('requests/closed/'.length, -'.json'.length), events, violated);
      }
    },
  };
};

type Violated = (what: string) => void;

function checkOpen({ services }: RuleWorld, violated: Violated): void {
  for (const folder of ['requests/open/', 'batches/open/']) {
    for (const name of services.names(STATE, folder)) violated(`${name} is still open`);
  }
}

function checkPublished({ published }: RuleWorld, events: Map<string, OutgoingEvent>, violated: Violated): void {
  for (const { id, data, type, subject } of published) {
    const kept = events.get(id);
    if (kept === undefined) violated(`event ${id} was published and is not in the journal`);
    else if (JSON.stringify([kept.data, kept.type, kept.subject]) !== JSON.stringify([data, type, subject])) {
      violated(`event ${id} was published with another content than the journal has`);
    }
  }
  const ids = new Set(published.map(({ id }) => id));
  // News on the way may stay in the journal where an invocation died before it was published; an end may not.
  for (const { id, type } of events.values()) {
    if (TERMINAL.test(type) && !ids.has(id)) violated(`event ${id} is in the journal and was never published`);
  }
}

function checkClosed(
  { asked, published }: RuleWorld,
  id: string,
  events: Map<string, OutgoingEvent>,
  violated: Violated,
) {
  const record = asked.closed(id);
  const told = published.filter(({ type, data }) => TERMINAL.test(type) && data.requestId === id);
  const ids = new Set(told.map((event) => event.id));
  if (ids.size !== 1) violated(`${id} has ${ids.size} terminal events: ${[...ids].join(', ')}`);
  const [first = ''] = ids;
  if (JSON.stringify(record?.event) !== JSON.stringify(events.get(first))) {
    violated(`the closed record of ${id} has another terminal event than the journal`);
  }
  if (record?.outcome !== events.get(first)?.data.outcome) violated(`the closed record of ${id} has another outcome`);
}

function checkFiles({ asked, services, lostFiles }: RuleWorld, violated: Violated): void {
  const left = new Set(services.names(INTAKE, ''));
  for (const name of left) if (!IGNORED.test(name)) violated(`${name} is still in intake`);
  for (const { requestId, file } of asked.files.values()) {
    if (IGNORED.test(file.name)) {
      if (!left.has(file.name)) violated(`${file.name} is no CSV, but it is gone`);
    } else if (asked.closed(requestId) === null && !lostFiles.has(requestId)) {
      violated(`${file.name}#${file.generation} was dropped and never ended (${requestId})`);
    }
  }
}

function checkCommands({ asked }: RuleWorld, events: Map<string, OutgoingEvent>, violated: Violated): void {
  for (const { messageId, requestId, digest, acknowledged } of asked.commands) {
    if (!acknowledged) violated(`${messageId} was never acknowledged`);
    const ended = requestId !== undefined && asked.closed(requestId)?.digest === digest;
    if (!ended && !events.has(`${messageId}.rejected`))
      violated(`${messageId} ended neither as a request nor rejected`);
  }
}
