/**
 * Whoever has imported into a product set, or purged it, hears of it when its index is newer than the change, and not
 * before; until then the set is watched.
 */

import { STATUS_CODES } from '../../../shared/core/errors';
import type { IndexWatch } from '../../../shared/core/indexWatch';
import type { RequestRecord } from '../../../shared/core/request';
import { STATE } from '../services';
import { lastSegment } from './catalogue';
import { changed, createChanges } from './changes';
import type { PublishedEvent, Rule } from './rule';

type Told = Pick<IndexWatch, 'requestId' | 'problems'> & { productSets: IndexWatch['indexed'] };

const isUpdate = ({ type }: PublishedEvent) => type === 'product-search.index.updated.v1';

export const indexes: Rule = ({ now, services, asked, witness, published }, violated) => {
  const changes = createChanges(now);

  function watched(location: string): IndexWatch[] {
    const text = services.text(STATE, `watches/${location}.json`);
    return text === '' ? [] : (JSON.parse(text) as { value: { watches: IndexWatch[] } }).value.watches;
  }

  /** By the statuses of its own operations; of a merged import, nobody can tell here whose lines they were. */
  function importedSets({ id, operations, counts }: RequestRecord): string[] {
    // Who has given up may know nothing of them.
    if ((counts.imported ?? 0) === 0) return [];
    const followed = new Set(
      operations.flatMap(({ name, state }) => (state === 'SUCCESSFUL' ? lastSegment(name) : [])),
    );
    const own = [...witness.operations.values()].filter((one) => one.requestId === id && followed.has(one.id));
    const lines = own.flatMap(({ lines, statuses }) =>
      lines.filter((_, at) => statuses?.[at]?.code === STATUS_CODES.OK),
    );
    return [...new Set(lines.flatMap((line) => line.split(',')[2] ?? []))];
  }

  function changedSets(record: RequestRecord): string[] {
    const { id, counts } = record;
    const command = asked.commandOf(id);
    if (command === undefined) return importedSets(record);
    const isPurged = command.command === 'purgeProductsInProductSet' && (counts.products ?? 0) > 0;
    return isPurged && (counts.productSets ?? 0) === 0 ? [command.productSetId] : [];
  }

  /** One that was gone for a while may have been so when it was looked at. */
  function wasGone({ location, acceptedAt }: RequestRecord, productSetId: string): boolean {
    const key = changed.productSet(location, productSetId);
    return changes.isUndone([key], { since: Date.parse(acceptedAt), but: '' });
  }

  function checkNews({ requestId, productSets }: Told): void {
    for (const { endTime } of asked.closed(requestId)?.operations ?? []) {
      const older = endTime && productSets.find(({ indexTime }) => Date.parse(indexTime) <= Date.parse(endTime));
      if (older) violated(`${requestId} is told of an index of ${older.productSetId} that is older than its change`);
    }
  }

  return {
    afterCall: changes.afterCall,
    productDeleted: changes.productDeleted,
    operationStarted: changes.operationStarted,
    operationEnded: changes.operationEnded,
    atEnd() {
      const news = published.filter(isUpdate).map(({ data }) => data as unknown as Told);
      for (const told of news) checkNews(told);
      for (const requestId of asked.requestIds()) {
        const record = asked.closed(requestId);
        if (record === null || record.dryRun) continue;
        const told = news.find((one) => one.requestId === requestId);
        const watch = watched(record.location).find((one) => one.requestId === requestId);
        for (const id of changedSets(record)) {
          const isKnown = told?.productSets.some(({ productSetId }) => productSetId === id) === true;
          const hasFault = told?.problems.some(({ message }) => message.includes(id)) === true;
          if (isKnown || hasFault || watch !== undefined || wasGone(record, id)) continue;
          violated(`${requestId} has changed set ${id}, and nobody tells when it is indexed`);
        }
      }
    },
  };
};
