/** The plan of each request: which steps, in which order. Pure; reading this file is reading what the system does. */
import type { CommandInput, PlannedStep, RequestName, StepName } from './request';

export type PlanQuestion = { request: RequestName; dryRun: boolean } & Pick<
  CommandInput,
  'notBefore' | 'imageFiles' | 'derived' | 'thenDeleteProductSet' | 'listUri' | 'planId' | 'sharedProducts' | 'prefix'
>;

const REPORT: PlannedStep = { step: 'report', always: true };

function steps(...names: StepName[]): PlannedStep[] {
  return names.map((step) => ({ step }));
}

/** What belongs to products that have gone, however many of them have. */
function owed(...names: StepName[]): PlannedStep[] {
  return names.map((step) => ({ step, afterChange: true }));
}

/** The names whose condition holds. */
function where(conditions: Partial<Record<StepName, boolean>>): StepName[] {
  return (Object.keys(conditions) as StepName[]).filter((name) => conditions[name]);
}

/** Whether the Cloudinary resources of the removed files are cleaned, too: what is left for a sweep is not removed yet. */
function cleansDerived({ imageFiles, derived }: PlanQuestion): boolean {
  return imageFiles === 'removeUnlessUsedByProduct' && derived !== undefined;
}

/** Reads which products would go, in which sets they are, and their images; changes nothing. */
function survey(question: PlanQuestion): StepName[] {
  const { listUri, planId, dryRun } = question;
  return [
    ...where({ readList: listUri !== undefined }),
    'listTargets',
    'listMemberships',
    'surveyProducts',
    ...where({ comparePlan: planId !== undefined }),
    'gatherImages',
    ...where({ comparePlan: planId !== undefined, estimateDerived: dryRun && cleansDerived(question) }),
  ];
}

function bulkDelete(question: PlanQuestion, removal: StepName[]): PlannedStep[] {
  if (question.dryRun) return [...steps('checkCommand', ...survey(question), 'writePlan'), REPORT];
  const deletes: PlannedStep = { step: 'deleteSurveyed', afterDelete: true };
  return [...steps('checkCommand', ...survey(question)), deletes, ...owed(...removal), REPORT];
}

function purge(question: PlanQuestion, removal: StepName[]): PlannedStep[] {
  if (question.dryRun) return [...steps('checkCommand', ...survey(question), 'writePlan'), REPORT];
  const before = where({ takeOutShared: question.sharedProducts === 'keep' });
  const ofOrphans = question.request === 'purgeOrphanProducts';
  const look: StepName[] = ['relistTargets', ...where({ relistMemberships: ofOrphans }), 'lastLook'];
  const after = where({ deleteProductSet: question.thenDeleteProductSet === true });
  const watch = where({ watchIndex: !ofOrphans });
  return [
    ...steps('checkCommand', 'claim', ...survey(question), ...before, ...look, 'runPurge'),
    { step: 'countPurged', afterPurge: true },
    ...steps(...after),
    ...owed(...removal, ...watch),
    REPORT,
  ];
}

/** Everything that is used is marked before anything is removed; a dry run removes nothing and holds up no import. */
function sweep({ dryRun, prefix, derived }: PlanQuestion): PlannedStep[] {
  const marks: StepName[] = ['listCandidates', 'markUsed', 'markSnapshots', 'removeUnused'];
  const report: PlannedStep = { step: 'reportSweep', always: true };
  if (dryRun) return [...steps('checkSweep', ...marks, ...where({ estimateDerived: derived !== undefined })), report];
  const settle = where({ settleCandidates: prefix === undefined });
  return [
    ...steps('checkSweep', 'registerSweep', ...marks, ...settle),
    ...owed(...where({ cleanDerived: derived !== undefined })),
    report,
    { step: 'unregisterSweep', always: true },
  ];
}

function commandPlan(question: PlanQuestion): PlannedStep[] {
  const { request, dryRun, imageFiles = 'keep' } = question;
  const removal = where({ removeImageFiles: imageFiles !== 'keep', cleanDerived: cleansDerived(question) });
  const estimate = where({ estimateDerived: cleansDerived(question) });
  switch (request) {
    case 'importProductSets':
      return [
        ...steps('stageFile', 'checkFile', 'claim', 'runImport'),
        { step: 'reportImport', always: true },
        { step: 'archiveFile', always: true },
        { step: 'watchIndex', always: true },
      ];
    case 'mergedImport':
      return [...steps('joinMembers', 'claim', 'runImport'), { step: 'shareResults', always: true }];
    case 'deleteReferenceImage':
    case 'deleteProduct':
      return dryRun ? [...steps('deleteOne', ...estimate), REPORT] : [...steps('deleteOne'), ...owed(...removal)];
    case 'deleteProductSet':
      return [
        ...steps('checkCommand'),
        ...(dryRun ? [...steps('deleteProductSet'), REPORT] : steps('claim', 'deleteProductSet')),
      ];
    case 'deleteProducts':
      return bulkDelete(question, removal);
    case 'purgeProductsInProductSet':
    case 'purgeOrphanProducts':
      return purge(question, removal);
    case 'sweepImageFiles':
      return sweep(question);
    case 'cancelRequest':
      return dryRun ? [...steps('cancelOther'), REPORT] : steps('cancelOther');
    case 'deleteDerivedResources': {
      const act: StepName[] = dryRun ? ['estimateDerived'] : ['countOriginals', 'deleteDerived'];
      return [...steps('checkDerived', ...act), { step: 'reportDerived', always: true }];
    }
    case 'restoreSnapshot': {
      const changes = steps('claim', 'compareSnapshot', 'importSnapshot', 'restoreProducts');
      return [
        ...steps('checkSnapshot'),
        ...(dryRun ? steps('compareSnapshot') : [...changes, { step: 'watchIndex', always: true } as const]),
        { step: 'reportRestore', always: true },
      ];
    }
  }
}

/** The ordered steps of a request. A dry run has no step that changes anything. */
export function planOf(question: PlanQuestion): PlannedStep[] {
  const start = question.notBefore === undefined ? [] : steps('waitUntil');
  const check = steps(...where({ checkDerived: question.derived !== undefined }));
  return [...start, ...check, ...commandPlan(question)];
}
