/**
 * Whoever says that it has succeeded has done what it was asked for: the products that a delete or a purge means, and that
 * nobody else touched while it was under way, are gone. A dry run tells of them all.
 */
import type { Command } from '../../../shared/core/command';
import { matchesFilter } from '../../../shared/core/productFilter';
import type { Counts } from '../../../shared/core/request';
import type { Call } from '../invocations';
import { STATE } from '../services';
import { LISTED, SETS } from '../users/names';
import { createCatalogue, lastSegment } from './catalogue';
import { changed, createChanges } from './changes';
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

interface Told {
  outcome: string;
  counts: Counts;
}

export const done: Rule = (world, violated) => {
  const { now, asked, services, strangers } = world;
  const catalogue = createCatalogue(world);
  const changes = createChanges(now);
  const meant = new Map<string, Meant>();

  function seen(location: string): Seen[] {
    const members = SETS.map((setId) => ({ setId, ids: membersOf(location, setId) }));
    return catalogue.products(location).map(({ name, productCategory, productLabels }) => {
      const id = lastSegment(name);
      const productSetIds = members.flatMap(({ setId, ids }) => (ids.has(id) ? setId : []));
      return { id, productSetIds, productCategory, productLabels: [...productLabels] };
    });
  }

  function membersOf(location: string, setId: string): Set<string> {
    return catalogue.setName(location, setId) === null ? new Set() : catalogue.productsIn(location, setId);
  }

  /** By nobody but the request itself, since it was accepted. */
  function isUntouched(requestId: string, { location, at }: Meant, id: string): boolean {
    const since = { since: at, but: requestId };
    const own = [
      changed.product(location, id),
      changed.fields(location, id),
      ...SETS.map((setId) => changed.membership(location, setId, id)),
    ];
    const sets = SETS.map((setId) => changed.productSet(location, setId));
    const isChanged = changes.isMade(own, since) || changes.isUndone([...own, ...sets], since);
    return !isChanged && (strangers.get(`${location}/${id}`) ?? 0) < at;
  }

  function accepted(requestId: string): void {
    const command = asked.commandOf(requestId);
    if (command === undefined || meant.has(requestId)) return;
    const { location = '' } = asked.open(requestId) ?? {};
    const productIds = seen(location).flatMap((product) => (isMeant(command, product) ? product.id : []));
    meant.set(requestId, { command, location, at: now(), productIds });
  }

  function announced(requestId: string, { outcome, counts }: Told): void {
    const request = meant.get(requestId);
    if (request === undefined || !['succeeded', 'dryRun'].includes(outcome)) return;
    const { command, location, productIds } = request;
    const left = productIds.filter(
      (id) => catalogue.product(location, id) !== null && isUntouched(requestId, request, id),
    );
    if (outcome === 'succeeded' && left.length > 0)
      violated(`${requestId} ${command.command} has succeeded, but ${left.join(', ')} are there`);
    if (outcome !== 'dryRun' || left.length === 0) return;
    const listed = listedIn(requestId);
    const untold = left.filter((id) => !listed.has(id));
    if (untold.length > 0 || left.length > (counts.products ?? 0))
      violated(
        `${requestId} ${command.command} would take ${counts.products}, and does not tell of ${untold.join(', ')}`,
      );
  }

  /** The products that would go, as the report has them. */
  function listedIn(requestId: string): Set<string> {
    const text = services.text(STATE, `reports/${requestId}/report.json`);
    const { wouldGo } = JSON.parse(text) as { wouldGo: { productId?: string; products?: { id: string }[] } };
    return new Set([wouldGo.productId ?? '', ...(wouldGo.products ?? []).map(({ id }) => id)]);
  }

  function journaled(call: Call): void {
    const [, requestId] = /^events\/[^/]+\/(cmd-.*)\.completed\.json$/.exec(objectOf(call).name) ?? [];
    if (requestId !== undefined) announced(requestId, (JSON.parse(String(call.parameters[1])) as { data: Told }).data);
  }

  return {
    ...changes,
    afterCall(call, result) {
      // Whoever takes over may write another end, which the first one keeps from being written.
      if (call.port === 'objects' && call.method === 'write' && result !== null) journaled(call);
      changes.afterCall(call);
    },
    objectWritten({ name }) {
      const [, requestId] = /^requests\/open\/(cmd-.*)\.json$/.exec(name) ?? [];
      if (requestId !== undefined) accepted(requestId);
    },
  };
};
