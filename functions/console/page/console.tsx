/** The whole page: header, how to start, requests, product sets, events, claims. */

import { useChosenRequest } from './chosenRequest';
import { Claims } from './claims';
import { Now, useNow } from './clock';
import { Events } from './events';
import { useFeed } from './feed';
import { Header } from './header';
import { ProductSets } from './productSets';
import { Requests } from './requests';
import { Start } from './start';

export function Console() {
  const { overview, link, skewMs } = useFeed();
  const now = useNow(skewMs);
  const [chosen, choose] = useChosenRequest();
  return (
    <Now.Provider value={now}>
      <Header overview={overview} link={link} />
      {overview === null ? (
        <main>
          <p class="quiet">
            {link === 'lost' ? 'The console cannot be reached. Trying again.' : 'Reading the ledger.'}
          </p>
        </main>
      ) : (
        <main>
          <Start overview={overview} />
          <Requests part={overview.requests} chosen={chosen} choose={choose} />
          <div class="columns">
            <ProductSets locations={overview.productSets} />
            <Events part={overview.events} choose={choose} />
          </div>
          <Claims claims={overview.claims} choose={choose} />
        </main>
      )}
    </Now.Provider>
  );
}
