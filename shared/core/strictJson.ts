/**
 * JSON as a command is written in it: the text must be valid JSON in valid UTF-8, and no object may name a field twice.
 * JSON.parse would silently keep the last one, and a delete that can be read in two ways must not run. Pure.
 */
import { type Problem, shownValue } from './problem';

const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
const PROTOTYPE = '__proto__';
const SHOWN_FIELD = 100;

/** The parsed value, or why there is none. No object in it has a field `__proto__`: copies of it would lose it silently. */
export function parseStrictJson(data: Uint8Array): { value: unknown } | { problems: Problem[] } {
  const text = decode(data);
  if (text === null) return { problems: [notJson('is not valid UTF-8')] };
  if (text.trim() === '') return { problems: [notJson('is empty')] };
  try {
    const value: unknown = JSON.parse(text);
    const problems = fieldProblems(text);
    return problems.length > 0 ? { problems } : { value };
  } catch (error) {
    return {
      problems: [notJson(error instanceof SyntaxError ? `cannot be read: ${error.message}` : 'nests too deeply')],
    };
  }
}

function decode(data: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch {
    return null;
  }
}

function notJson(what: string): Problem {
  const message = `the message data ${what}; it must be one JSON object, such as {"command":"deleteProduct","productId":"p1"}`;
  return { code: 'not-json', field: 'data', message };
}

/** Walks over the tokens of a text that is known to be valid JSON. */
function fieldProblems(text: string): Problem[] {
  const open: (Set<string> | null)[] = [];
  const problems = new Map<string, Problem>();
  let string = '';
  for (const [token] of text.matchAll(JSON_TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const problem = fieldProblem(JSON.parse(string), open.at(-1));
      if (problem?.field !== undefined) problems.set(problem.field, problem);
    }
    string = token;
  }
  return [...problems.values()];
}

function fieldProblem(field: string, fields: Set<string> | null | undefined): Problem | null {
  if (field === PROTOTYPE) return { code: 'unknown-field', field, message: `${field} is no field of any command` };
  if (fields?.has(field)) {
    return {
      code: 'duplicate-field',
      field: field.length > SHOWN_FIELD ? `${field.slice(0, SHOWN_FIELD)}…` : field,
      message: `${shownValue(field)} is given twice in one object; give it once`,
    };
  }
  fields?.add(field);
  return null;
}
