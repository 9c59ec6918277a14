/** Misbehaviour on demand: what `POST /_faults` asks of a local service, kept in order and used up call by call. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './readBody';

export interface Fault {
  /** The method's bare name as the service calls it (`Publish`, `ImportProductSets`); `*` is every method. */
  method: string;
  /** google.rpc.Code of the error, or an HTTP status from 400 on; 0 only delays. */
  code: number;
  /** How many calls it still hits. */
  count: number;
  delayMs: number;
  /** The call has its effect, and only its answer is lost. */
  afterEffect: boolean;
}

export interface Faults {
  add(fault: Partial<Fault> & { method: string }): Fault;
  clear(): void;
  list(): Fault[];
  /** Takes one use of the first fault that matches, if any. */
  take(method: string): Fault | null;
}

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add(given) {
      const fault = { code: 14, count: 1, delayMs: 0, afterEffect: false, ...given };
      faults.push(fault);
      return { ...fault };
    },
    clear() {
      faults = [];
    },
    list() {
      return faults.map((fault) => ({ ...fault }));
    },
    take(method) {
      const fault = faults.find((each) => each.method === '*' || each.method === method);
      if (!fault) return null;
      fault.count -= 1;
      faults = faults.filter((each) => each.count > 0);
      return { ...fault };
    },
  };
}

/**
 * Answers `/_faults` (POST adds, GET lists, DELETE clears) and says whether the request was one of these. `methods` are
 * the service's: a fault of another would never hit.
 */
export function handleFaults(
  faults: Faults,
  methods: readonly string[],
  req: IncomingMessage,
  res: ServerResponse,
): boolean {
  const path = (req.url ?? '').split('?')[0];
  if (path !== '/_faults') return false;
  void answer(faults, methods, req, res).catch((error: unknown) => {
    if (!res.headersSent) send(res, 400, { error: `the body could not be read: ${String(error)}` });
  });
  return true;
}

async function answer(
  faults: Faults,
  methods: readonly string[],
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const body = await readBody(req, MAX_BODY_BYTES);
  switch (req.method) {
    case 'GET':
      return send(res, 200, { faults: faults.list() });
    case 'DELETE':
      faults.clear();
      return send(res, 200, { faults: [] });
    case 'POST': {
      const parsed = parseFault(body.toString('utf8'), methods);
      if (typeof parsed === 'string') return send(res, 400, { error: parsed, example: EXAMPLE });
      return send(res, 200, faults.add(parsed));
    }
    default:
      res.setHeader('allow', 'GET, POST, DELETE');
      return send(res, 405, { error: 'POST adds a fault, GET lists the faults, DELETE ends them all' });
  }
}

const MAX_BODY_BYTES = 64 * 1024;
const EXAMPLE: Fault = { method: 'ImportProductSets', code: 14, count: 2, delayMs: 0, afterEffect: false };

const FIELDS: Record<keyof Fault, { holds: (value: unknown) => boolean; rule: string }> = {
  method: { holds: (value) => typeof value === 'string' && value !== '', rule: 'a method name, or "*" for all' },
  code: {
    holds: (value) => isWhole(value, 0, 16) || isWhole(value, 400, 599),
    rule: 'a google.rpc.Code from 0 to 16 (0 only delays), or an HTTP status from 400 to 599',
  },
  count: { holds: (value) => isWhole(value, 1, 1_000_000), rule: 'a whole number from 1 to 1000000' },
  delayMs: { holds: (value) => isWhole(value, 0, 600_000), rule: 'a whole number of milliseconds from 0 to 600000' },
  afterEffect: { holds: (value) => typeof value === 'boolean', rule: 'true or false' },
};

/** The fault that a request body asks for, or what is wrong with it. */
function parseFault(text: string, methods: readonly string[]): (Partial<Fault> & { method: string }) | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the body is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the body is not a JSON object';
  if (!('method' in value)) return `method is missing: ${FIELDS.method.rule}`;
  for (const [name, given] of Object.entries(value)) {
    if (!isField(name)) return `${name} is unknown; known are ${Object.keys(FIELDS).join(', ')}`;
    if (!FIELDS[name].holds(given)) return `${name} must be ${FIELDS[name].rule}`;
  }
  const fault = value as Partial<Fault> & { method: string };
  if (fault.method === '*' || methods.includes(fault.method)) return fault;
  return `this service has no method ${JSON.stringify(fault.method)}; it has ${methods.join(', ')}, and "*" is all of them`;
}

function isField(name: string): name is keyof Fault {
  return Object.hasOwn(FIELDS, name);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  res.end(`${JSON.stringify(body, null, 2)}\n`);
}
