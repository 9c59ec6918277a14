/** Finds what the expressions in a value refer to. Pure. */

/** `['google_service_account', 'invoker', '[]', 'email']`: names, and `[]` for an index of any kind. */
export type Reference = readonly string[];

const NAME = /[A-Za-z_][\w-]*/y;

/** Every reference in the `${…}` of a string, those inside indexes and strings included; calls of functions are none. */
export function referencesIn(template: string): Reference[] {
  const found: Reference[] = [];
  new Scanner(template, found).template(null);
  const bound = boundNames(template);
  return found.filter(([root = '']) => !bound.has(root));
}

/** The names that `for` binds: they mean something inside their expression only. */
function boundNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, first, second] of text.matchAll(/\bfor\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b/g)) {
    for (const name of [first, second]) if (name !== undefined) names.add(name);
  }
  return names;
}

class Scanner {
  private at = 0;
  constructor(
    private readonly text: string,
    private readonly found: Reference[],
  ) {}

  /** Reads text with `${…}` in it up to the closing quote, or to the end. */
  template(end: '"' | null): void {
    for (; this.at < this.text.length; this.at += 1) {
      const char = this.text[this.at];
      if (end !== null && char === '\\') this.at += 1;
      else if (char === end) return;
      else if ((char === '$' || char === '%') && this.text[this.at + 1] === '{') {
        this.at += 2;
        this.expression('}');
      }
    }
  }

  /** Reads an expression up to the bracket that closes it. */
  private expression(end: string): void {
    while (this.at < this.text.length) {
      const char = this.text[this.at] ?? '';
      if (char === end) return;
      if (/[A-Za-z_]/.test(char)) {
        this.reference();
        continue;
      }
      this.at += 1;
      const closing = { '"': '"', '(': ')', '[': ']', '{': '}' }[char];
      if (closing === undefined) continue;
      if (closing === '"') this.template('"');
      else this.expression(closing);
      this.at += 1;
    }
  }

  private reference(): void {
    const parts = [this.name()];
    for (;;) {
      const [here, next = ''] = [this.text[this.at], this.text[this.at + 1]];
      if (here === '[') {
        this.at += 1;
        this.expression(']');
        this.at += 1;
        parts.push('[]');
      } else if (here === '.' && /[A-Za-z_]/.test(next)) {
        this.at += 1;
        parts.push(this.name());
      } else if (here === '.' && /[\d*]/.test(next)) {
        this.at += 2;
        parts.push('[]');
      } else break;
    }
    if (this.text[this.at] !== '(' && parts.length > 1) this.found.push(parts);
  }

  private name(): string {
    NAME.lastIndex = this.at;
    const name = NAME.exec(this.text)?.[0] ?? '';
    this.at += name.length;
    return name;
  }
}
