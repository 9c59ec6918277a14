/** A survey holds as many products as it counts, those that go and those that stay, and none of them twice. */
import { STATE } from '../services';
import type { Rule } from './rule';

interface Surveyed {
  product: { id: string };
  stays?: boolean;
}

export const surveys: Rule = ({ asked, services }, violated) => {
  /** The surveys that were looked at: a purge has a round more where others put something in. */
  const seen = new Set<string>();

  function entriesOf(requestId: string): Surveyed[] {
    const names = services.names(STATE, `staging/${requestId}/survey-`).filter((name) => /-\d+\.json$/.test(name));
    return names.flatMap((name) => JSON.parse(services.text(STATE, name)) as Surveyed[]);
  }

  function check(requestId: string): void {
    const { survey } = asked.open(requestId)?.facts ?? {};
    const key = `${requestId} ${survey?.rounds.join()} ${survey?.chunks}`;
    if (survey === undefined || seen.has(key)) return;
    seen.add(key);
    const entries = entriesOf(requestId);
    const ids = new Set(entries.map(({ product }) => product.id));
    const staying = entries.filter(({ stays }) => stays === true).length;
    const isRight = entries.length - staying === survey.products && staying === survey.stay;
    if (!isRight || ids.size !== entries.length)
      violated(`${requestId} counts ${survey.products} and ${survey.stay} products and surveys ${[...ids].join(', ')}`);
  }

  return {
    objectWritten({ bucket, name }) {
      const [, requestId] = /^requests\/open\/(cmd-.*)\.json$/.exec(name) ?? [];
      if (bucket === STATE && requestId !== undefined) check(requestId);
    },
  };
};
