/** The plan of each request: which steps, in which order. Pure; reading this file is reading what the system does. */
import type { PlannedStep, RequestName, StepName } from './request';

export interface PlanQuestion {
  request: RequestName;
  dryRun: boolean;
  notBefore?: string;
  imageFiles?: string;
  thenDeleteProductSet?: boolean;
}

const REPORT: PlannedStep = { step: 'report', always: true };

function steps(...names: StepName[]): PlannedStep[] {
  return names.map((step) => ({ step }));
}

function commandPlan(question: PlanQuestion): PlannedStep[] {
  const { request, dryRun, imageFiles, thenDeleteProductSet } = question;
  const removal: StepName[] = imageFiles === undefined || imageFiles === 'keep' ? [] : ['removeImageFiles'];
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
      return dryRun ? [...steps('deleteOne'), REPORT] : steps('deleteOne', ...removal);
    case 'deleteProductSet':
      return [
        ...steps('checkCommand'),
        ...(dryRun ? [...steps('deleteProductSet'), REPORT] : steps('claim', 'deleteProductSet')),
      ];
    case 'deleteProducts':
      if (dryRun) return [...steps('checkCommand', 'surveyProducts', 'gatherImages'), REPORT];
      return [...steps('checkCommand', 'surveyProducts', 'gatherImages', 'deleteSurveyed', ...removal), REPORT];
    case 'purgeProductsInProductSet':
    case 'purgeOrphanProducts': {
      if (dryRun) return [...steps('checkCommand', 'surveyProducts', 'gatherImages'), REPORT];
      const watch: StepName[] = request === 'purgeOrphanProducts' ? [] : ['watchIndex'];
      const last: StepName[] = thenDeleteProductSet === true ? ['deleteProductSet'] : [];
      return [
        ...steps('checkCommand', 'claim', 'surveyProducts', 'gatherImages', 'runPurge', ...last, ...removal, ...watch),
        REPORT,
      ];
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
  return [...start, ...commandPlan(question)];
}
