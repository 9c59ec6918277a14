import { type CallBudget, FULL_BUDGET, HORIZON_MS, paceAt, slowDown, takeLot } from '../../shared/core/callBudget';

const LIMIT = 2_400;
const NOW = Date.parse('2026-11-22T08:00:00Z');
const MINUTE = 60_000;

describe('lots', () => {
  it('lie behind each other without a gap, evenly spaced, whoever takes them', () => {
    const first = takeLot(FULL_BUDGET, LIMIT, 10, NOW);
    const second = takeLot(first?.budget ?? FULL_BUDGET, LIMIT, 20, NOW + 3);

    expect(first?.lot.from).toBe(NOW);
    expect(second?.lot.from).toBeCloseTo(NOW + 10 * (first?.lot.everyMs ?? 0), 3);
    expect(MINUTE / (second?.lot.everyMs ?? 1)).toBeCloseTo(2_340, 3);
  });

  it('begin now where nobody has taken any for a while: what was not used is lost', () => {
    expect(takeLot({ reservedUntil: NOW - MINUTE }, LIMIT, 10, NOW)?.lot.from).toBe(NOW);
  });

  it('are refused beyond the horizon', () => {
    expect(takeLot({ reservedUntil: NOW + HORIZON_MS }, LIMIT, 1, NOW)).not.toBeNull();
    expect(takeLot({ reservedUntil: NOW + HORIZON_MS + 1 }, LIMIT, 1, NOW)).toBeNull();
  });
});

describe('a refusal of the service', () => {
  it('makes everybody slower by a third, once for those that were under way, and is forgiven minute by minute', () => {
    const slowed = slowDown(FULL_BUDGET, LIMIT, NOW);

    expect(paceAt(slowed, LIMIT, NOW)).toBeCloseTo(1_560, 3);
    expect(slowDown(slowed, LIMIT, NOW + 100)).toBe(slowed);
    expect(paceAt(slowed, LIMIT, NOW + MINUTE)).toBeCloseTo(1_800, 3);
    expect(paceAt(slowed, LIMIT, NOW + 60 * MINUTE)).toBeCloseTo(2_340, 3);
  });

  it('never stops the calls altogether', () => {
    let budget: CallBudget = FULL_BUDGET;
    for (let time = 0; time < 50; time += 1) budget = slowDown(budget, LIMIT, NOW + time * HORIZON_MS);

    expect(paceAt(budget, LIMIT, NOW + 49 * HORIZON_MS)).toBeCloseTo(240, 3);
  });
});
