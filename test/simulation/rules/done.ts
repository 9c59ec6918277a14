/**
 * Whoever says that it has succeeded has done what it was asked for: the products that a delete or a purge means, and that
 * nobody touched while it was under way, are gone, and a dry run's plan has as many as it counts.
 */
import type { Command } from '../../../shared/core/command';
import { matchesFilter } from '../../../shared/core/productFilter';
import type { Call } from '../invocations';
import { PROJECT } from '../services';
import { LISTED } from '../users/names';
import { objectOf, type Rule } from './rule';

interface Seen {
  id: string;
  productSetIds: string[];
  productCategory: string;
  productLabels: { key: string; value: string }[];
}

/** What a request means to take, as the catalogue is when it is accepted. */
interface Meant {
  command: Command;
  location: string;
  at: number;
  productIds: string[];
}

const CHANGES_PRODUCT = /^(?:create|update|delete)(?:Product|ReferenceImage)$/;

/** Whether the request takes that product if nothing changes; shared and protected ones are refused or kept. */
function isMeant(command: Command, { id, productSetIds, ...fields }: Seen): boolean {
  switch (command.command) {
    case 'deleteProduct':
      return command.productId === id;
    case 'deleteProducts': {
      const { where, productIds, listUri } = command;
      if (listUri !== undefined) return LISTED.some((listed) => listed === id);
      if (where === undefined) return productIds?.includes(id) === true;
      const isInSet = where.productSetId === undefined || productSetIds.includes(where.productSetId);
      return isInSet && matchesFilter({ id, ...fields }, where);
    }
    case 'purgeProductsInProductSet':
      return productSetIds.length === 1 && productSetIds[0] === command.productSetId;
    case 'purgeOrphanProducts':
      return productSetIds.length === 0;
    default:
      return false;
  }
}

function outcomeOf(journaled: string): string {
  return (JSON.parse(journaled) as { data: { outcome: string } }).data.outcome;
}

export const done: Rule = ({ now, asked, services, strangers, witness, skewMs }, violated) => {
  const meant = new Map<string, Meant>();
  /** When one of our requests, or an import, changed a product, its sets or its images last, by `location/product`. */
  const changed = new Map<string, number>();
  /** When a product set was deleted last, by location. */
  const setsDeleted = new Map<string, number>();

  function catalogue(location: string): Seen[] {
    const parent = `projects/${PROJECT}/locations/${location}`;
    const sets = services.productSearch.listProductSets({ parent, pageSize: 100 }).items;
    const setsOf = new Map<string, string[]>();
    for (const { name } of sets) {
      for (const product of services.productSearch.listProductsInProductSet({ name, pageSize: 100 }).items)
        setsOf.set(product.name, [...(setsOf.get(product.name) ?? []), name.split('/').at(-1) ?? '']);
    }
    return services.productSearch.listProducts({ parent, pageSize: 100 }).items.map((product) => ({
      id: product.name.split('/').at(-1) ?? '',
      productSetIds: setsOf.get(product.name) ?? [],
      productCategory: product.productCategory,
      productLabels: [...product.productLabels],
    }));
  }

  function isUntouched(location: string, id: string, since: number): boolean {
    const key = `${location}/${id}`;
    const times = [strangers.get(key), changed.get(key), setsDeleted.get(location)];
    const isImported = [...witness.operations.values()].some(
      (operation) =>
        operation.location === location &&
        (operation.endedAt ?? now()) >= since &&
        operation.lines.some((line) => line.split(',')[3] === id),
    );
    return !isImported && times.every((time) => time === undefined || time < since - skewMs);
  }

  function accepted(requestId: string): void {
    const command = asked.commandOf(requestId);
    if (command === undefined || meant.has(requestId)) return;
    const { location = '' } = asked.open(requestId) ?? {};
    const productIds = catalogue(location).flatMap((product) => (isMeant(command, product) ? product.id : []));
    meant.set(requestId, { command, location, at: now(), productIds });
  }

  function announced(requestId: string, outcome: string): void {
    const request = meant.get(requestId);
    if (request === undefined || outcome !== 'succeeded') return;
    const { command, location, at, productIds } = request;
    const there = new Set(catalogue(location).map(({ id }) => id));
    const left = productIds.filter((id) => there.has(id) && isUntouched(location, id, at));
    if (left.length > 0) violated(`${requestId} ${command.command} has succeeded, but ${left.join(', ')} are there`);
  }

  function written(call: Call): void {
    const [, requestId] = /^events\/[^/]+\/(cmd-.*)\.completed\.json$/.exec(objectOf(call).name) ?? [];
    if (requestId !== undefined) announced(requestId, outcomeOf(String(call.parameters[1])));
  }

  return {
    afterCall(call, result) {
      const { port, method, parameters, invocation } = call;
      // Whoever takes over may write another end, which the first one keeps from being written.
      if (port === 'objects' && method === 'write' && result !== null) written(call);
      if (port !== 'productSearch') return;
      const [location, first, second] = parameters as string[];
      if (method === 'deleteProductSet') setsDeleted.set(`${location}`, now());
      const id = /ProductSet$/.test(method) ? second : first;
      // What a request does itself is no excuse for it.
      const isOwn = meant.get(invocation.requestId ?? '')?.productIds.includes(`${id}`) === true;
      const isChange = CHANGES_PRODUCT.test(method) || /^(?:add|remove)Product/.test(method);
      if (isChange && !isOwn) changed.set(`${location}/${id}`, now());
    },
    objectWritten({ name }) {
      const [, requestId] = /^requests\/open\/(cmd-.*)\.json$/.exec(name) ?? [];
      if (requestId !== undefined) accepted(requestId);
    },
  };
};
