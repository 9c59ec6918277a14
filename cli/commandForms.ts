/** The commands as people type them: from positional arguments and options to the JSON of a message. Pure. */
import { type OptionTable, wholeNumber } from './options';
import { UsageError } from './terminal';

export type Fields = Record<string, unknown>;
type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** Options whose value goes into one field of the command as it is. */
const TEXT_FIELDS: Readonly<Record<string, string>> = {
  location: 'location',
  'request-id': 'requestId',
  reason: 'reason',
  'not-before': 'notBefore',
  'image-files': 'imageFiles',
  'plan-id': 'planId',
  'shared-products': 'sharedProducts',
  list: 'listUri',
  prefix: 'prefix',
};
const NUMBER_FIELDS: Readonly<Record<string, string>> = {
  'max-products': 'maxProducts',
  'max-files': 'maxFiles',
  'older-than-days': 'olderThanDays',
};
const TRUE_FIELDS: Readonly<Record<string, string>> = {
  'dry-run': 'dryRun',
  force: 'force',
  'then-delete-set': 'thenDeleteProductSet',
};
const WHERE_FIELDS: Readonly<Record<string, string>> = {
  'in-set': 'productSetId',
  'id-prefix': 'idPrefix',
  category: 'productCategory',
};

export const COMMAND_OPTIONS: OptionTable = {
  ...optionsOf({ ...TEXT_FIELDS, ...NUMBER_FIELDS, ...WHERE_FIELDS }, 'string'),
  ...optionsOf(TRUE_FIELDS, 'boolean'),
  label: { type: 'string', multiple: true },
  'no-snapshot': { type: 'boolean' },
};

function optionsOf(fields: Readonly<Record<string, string>>, type: 'string' | 'boolean'): OptionTable {
  return Object.fromEntries(Object.keys(fields).map((option) => [option, { type }]));
}

/** What a verb makes of its positional arguments; null where it cannot be read. */
const FORMS: Readonly<Record<string, (words: string[], stateBucket: string) => Fields | null>> = {
  delete: ([what, ...ids]) => {
    const [one, two] = ids;
    if (what === 'product' && ids.length === 1) return { command: 'deleteProduct', productId: one };
    if (what === 'product' && ids.length > 1) return { command: 'deleteProducts', productIds: ids };
    if (what === 'products' && ids.length === 0) return { command: 'deleteProducts' };
    if (what === 'set' && ids.length === 1) return { command: 'deleteProductSet', productSetId: one };
    if (what !== 'image' || ids.length !== 2) return null;
    return { command: 'deleteReferenceImage', productId: one, referenceImageId: two };
  },
  purge: ([what, ...ids]) => {
    if (what === 'orphans' && ids.length === 0) return { command: 'purgeOrphanProducts' };
    if (what !== 'set' || ids.length !== 1) return null;
    return { command: 'purgeProductsInProductSet', productSetId: ids[0] };
  },
  restore: (words, stateBucket) => {
    const [from = ''] = words;
    if (words.length !== 1) return null;
    const snapshot = from.startsWith('gs://') ? from : `gs://${stateBucket}/snapshots/${from}/snapshot.json`;
    return { command: 'restoreSnapshot', snapshot };
  },
  sweep: (words) => (words.length === 0 ? { command: 'sweepImageFiles' } : null),
  cancel: (words) => (words.length === 1 ? { command: 'cancelRequest', cancels: words[0] } : null),
};

/** The command's JSON; what it says is judged by the same rules as any message. Throws `UsageError`. */
export function commandOf(verb: string, words: string[], values: Values, stateBucket: string): Fields {
  const command = FORMS[verb]?.(words, stateBucket) ?? null;
  if (command === null) {
    throw new UsageError(`${[verb, ...words].join(' ')} names nothing; try product-search-cleanup ${verb} --help`);
  }
  const where = { ...given(WHERE_FIELDS, values), ...labelsOf(values.label) };
  return {
    ...command,
    ...given(TEXT_FIELDS, values),
    ...given(NUMBER_FIELDS, values, (option, text) => wholeNumber(`--${option}`, text, 0)),
    ...given(TRUE_FIELDS, values),
    ...(values['no-snapshot'] === true ? { snapshot: false } : {}),
    ...(Object.keys(where).length === 0 ? {} : { where }),
  };
}

function given(
  fields: Readonly<Record<string, string>>,
  values: Values,
  read: (option: string, text: string) => unknown = (_option, text) => text,
): Fields {
  const entries = Object.entries(fields).flatMap(([option, field]) => {
    const value = values[option];
    if (value === undefined) return [];
    return [[field, typeof value === 'string' ? read(option, value) : value]];
  });
  return Object.fromEntries(entries);
}

/** `--label color=red --label style=kids`. */
function labelsOf(label: Values['label']): Fields {
  if (!Array.isArray(label)) return {};
  const pairs = label.map((text) => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(String(text)) ?? [];
    if (key === undefined) throw new UsageError(`--label takes KEY=VALUE, not ${JSON.stringify(text)}`);
    return [key, value];
  });
  return { labels: Object.fromEntries(pairs) };
}
