/** Who changes what, and who waits for it. */
import type { ClaimRow } from '../../../shared/console/claimRows';
import type { Part } from '../../../shared/console/part';
import { Badge } from './badge';
import type { Choose } from './chosenRequest';
import { Age } from './clock';
import { RequestLink } from './requestLinks';

export function Claims({ claims, choose }: { claims: Part<ClaimRow[]>; choose: Choose }) {
  return (
    <section aria-labelledby="claims-title">
      <h2 id="claims-title">Who changes what</h2>
      {claims.value === undefined && <p class="fault">{claims.error}</p>}
      {claims.value?.length === 0 && <p class="quiet">No request holds or waits for a product set.</p>}
      {claims.value !== undefined && claims.value.length > 0 && <ClaimTable rows={claims.value} choose={choose} />}
    </section>
  );
}

function ClaimTable({ rows, choose }: { rows: ClaimRow[]; choose: Choose }) {
  return (
    <table class="claims cards">
      <thead>
        <tr>
          <th scope="col">Claim</th>
          <th scope="col">Product sets</th>
          <th scope="col">Location</th>
          <th scope="col">Request</th>
          <th scope="col" class="right">
            Since
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.location} ${row.requestId} ${row.state}`}>
            <td>
              <Badge label={`${row.state}, ${row.mode}`} tone={row.state === 'held' ? 'active' : 'waiting'} />
            </td>
            <td>{row.scope}</td>
            <td>{row.location}</td>
            <td>
              <RequestLink id={row.requestId} choose={choose} />
              {row.note !== undefined && <span class="note">{row.note}</span>}
            </td>
            <td class="right">
              <Age at={row.since} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
