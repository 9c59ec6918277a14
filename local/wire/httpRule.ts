/** Turns the `google.api.http` rules of a method into routes, and a request's path into the fields that it binds. */
import { STATUS_CODES } from '../../shared/core/errors';
import { StatusError } from '../statusError';

/** One rule as in google/api/http.proto; exactly one of the verbs is set. */
export interface HttpRule {
  get?: string;
  put?: string;
  post?: string;
  delete?: string;
  patch?: string;
  /** The request field that the body is, `*` for the whole request; without it there is no body. */
  body?: string;
  additional_bindings?: HttpRule | HttpRule[];
}

export interface Route<Target> {
  httpMethod: string;
  pattern: RegExp;
  /** Field paths, in the order of the pattern's groups. */
  variables: string[];
  body?: string;
  hasVerb: boolean;
  target: Target;
}

export interface RouteMatch<Target> {
  route: Route<Target>;
  /** Field path → value, decoded. */
  variables: Map<string, string>;
}

const VERBS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The routes of a rule and of its additional bindings. */
export function routesOf<Target>(rule: HttpRule, target: Target): Route<Target>[] {
  const additional = rule.additional_bindings ?? [];
  const rules = [rule, ...(Array.isArray(additional) ? additional : [additional])];
  return rules.flatMap((each) =>
    VERBS.flatMap((verb) => {
      const template = each[verb];
      if (template === undefined) return [];
      return [{ httpMethod: verb.toUpperCase(), ...parseTemplate(template), body: each.body, target }];
    }),
  );
}

/** Finds the route of a path (no query). A route with a custom verb (`:publish`) wins over one that would swallow it. */
export function matchRoute<Target>(
  routes: readonly Route<Target>[],
  httpMethod: string,
  path: string,
): RouteMatch<Target> | null {
  for (const hasVerb of [true, false]) {
    for (const route of routes) {
      if (route.hasVerb !== hasVerb || route.httpMethod !== httpMethod) continue;
      const match = route.pattern.exec(path);
      if (match) return { route, variables: bind(route.variables, match.slice(1)) };
    }
  }
  return null;
}

function bind(variables: readonly string[], values: readonly string[]): Map<string, string> {
  return new Map(variables.map((variable, index) => [variable, decodePath(values[index] ?? '')]));
}

/** Percent-decodes segment by segment; `%2F` stays, as http.proto asks of variables of several segments. */
function decodePath(value: string): string {
  try {
    return value
      .split(/(%2F)/i)
      .map((part) => (/^%2F$/i.test(part) ? part : decodeURIComponent(part)))
      .join('');
  } catch {
    throw new StatusError(STATUS_CODES.INVALID_ARGUMENT, `Invalid percent-encoding in the path: ${value}`);
  }
}

interface Template {
  pattern: RegExp;
  variables: string[];
  hasVerb: boolean;
}

/** Parses a path template of http.proto: literals, single and double stars, variables in braces, a verb at the end. */
function parseTemplate(template: string): Template {
  const variables: string[] = [];
  const verb = /:([A-Za-z]+)$/.exec(template);
  const path = verb ? template.slice(0, verb.index) : template;
  const source = path.replace(/\{([^}=]+)(?:=([^}]*))?\}|\*\*|\*|[^{*]+/g, (token, name?: string, inner?: string) => {
    if (name !== undefined) {
      variables.push(name);
      return `(${segments(inner ?? '*')})`;
    }
    return segments(token);
  });
  const end = verb ? `(?::|%3A)${verb[1]}` : '';
  return { pattern: new RegExp(`^${source}${end}$`), variables, hasVerb: verb !== null };
}

function segments(text: string): string {
  return text.replace(/\*\*|\*|[^*]+/g, (token) => {
    if (token === '**') return '.+';
    if (token === '*') return '[^/]+';
    return token.replace(/[.+?^$()[\]\\|]/g, '\\$&');
  });
}
