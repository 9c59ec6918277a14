/** What a plan binds: a command may only carry out the plan that was made for it. Pure. */
import type { Problem } from './problem';
import type { CommandInput, RequestRecord } from './request';

/** The fields that decide what goes. A cap, a time and a reason may differ: they do not change what was looked at. */
const BOUND = [
  'productSetId',
  'productIds',
  'listUri',
  'where',
  'sharedProducts',
  'thenDeleteProductSet',
  'snapshot',
  'imageFiles',
  'derived',
] as const satisfies readonly (keyof CommandInput)[];

function inputOf({ source }: Pick<RequestRecord, 'source'>): CommandInput {
  return source.from === 'message' ? source.input : {};
}

/** The plan that the request has made, if it is a dry run; else the one that its command names. */
export function planIdOf(record: Pick<RequestRecord, 'planId' | 'dryRun' | 'source'>): string | undefined {
  return record.dryRun ? record.planId : inputOf(record).planId;
}

/** Why the command cannot carry out this plan, or null. `plan` is the closed record of the dry run that made it. */
export function planProblem(planId: string, plan: RequestRecord | null, record: RequestRecord): Problem | null {
  const refused = (message: string): Problem => ({ code: 'plan-unknown', field: 'planId', message });
  if (plan === null) return refused(`${planId} is no plan: there is no dry run of this name`);
  if (plan.planId === undefined) return refused(`${planId} is no plan: ${plan.request} ended as ${plan.outcome}`);
  const differing = [
    ...(plan.request === record.request ? [] : ['command']),
    ...(plan.location === record.location ? [] : ['location']),
    ...BOUND.filter((field) => JSON.stringify(inputOf(plan)[field]) !== JSON.stringify(inputOf(record)[field])),
  ];
  if (differing.length === 0) return null;
  const message = `Plan ${planId} was made for another ${differing.join(', ')}; make one for this command with dryRun: true`;
  return { code: 'plan-mismatch', field: 'planId', message };
}
