/** The product sets of every location with their sizes, as far as they were counted. */
import type { AtLeast, ProductSetRow } from '../../../shared/console/countProductSets';
import type { LocationBoard } from '../../../shared/console/productSetBoard';
import { counted, numberText } from '../../../shared/console/words';
import { Age } from './clock';

export function ProductSets({ locations }: { locations: LocationBoard[] }) {
  const filled = locations.filter((one) => (one.sets?.length ?? 0) > 0 || (one.orphans ?? 0) > 0 || one.error);
  const empty = locations.filter((one) => !filled.includes(one));
  return (
    <section aria-labelledby="sets-title">
      <h2 id="sets-title">Product sets</h2>
      {filled.map((board) => (
        <Location key={board.location} board={board} />
      ))}
      {empty.length > 0 && <p class="quiet">{emptyText(empty)}</p>}
    </section>
  );
}

function emptyText(boards: LocationBoard[]): string {
  const counting = boards.filter((board) => board.countedAt === undefined).map((board) => board.location);
  const none = boards.filter((board) => board.countedAt !== undefined).map((board) => board.location);
  return [
    ...(none.length > 0 ? [`Nothing in ${none.join(', ')}.`] : []),
    ...(counting.length > 0 ? [`Counting in ${counting.join(', ')}.`] : []),
  ].join(' ');
}

function Location({ board }: { board: LocationBoard }) {
  const { location, sets = [], orphans = 0, isMore, countedAt, error } = board;
  return (
    <div class="sets">
      <h3>
        {location}
        {countedAt !== undefined && (
          <small>
            counted <Age at={countedAt} />
          </small>
        )}
      </h3>
      {error !== undefined && <p class="fault">{error}</p>}
      {sets.length > 0 && <SetTable sets={sets} />}
      {isMore && <p class="quiet">There are more sets than are shown.</p>}
      {orphans > 0 && <p class="quiet">{counted(orphans, 'product is', 'products are')} in no product set.</p>}
    </div>
  );
}

function SetTable({ sets }: { sets: ProductSetRow[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Product set</th>
          <th scope="col" class="right">
            Products
          </th>
          <th scope="col" class="right">
            Images
          </th>
          <th scope="col" class="right">
            Indexed
          </th>
        </tr>
      </thead>
      <tbody>
        {sets.map((set) => (
          <tr key={set.id}>
            <td>
              {set.id}
              {set.displayName !== '' && set.displayName !== set.id && <span class="what">{set.displayName}</span>}
            </td>
            <td class="right">{atLeastText(set.products)}</td>
            <td class="right">{atLeastText(set.images)}</td>
            <td class="right">
              {set.indexTime === undefined ? 'not yet' : <Age at={set.indexTime} />}
              {set.indexError !== undefined && <span class="note">{set.indexError}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function atLeastText({ value, isMore }: AtLeast): string {
  return `${isMore ? '≥ ' : ''}${numberText(value)}`;
}
