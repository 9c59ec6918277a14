/** The steps by name, as the plans name them. */
import type { StepName } from '../core/request';
import { archiveFile } from './archiveFile';
import { cancelOther } from './cancelOther';
import { checkCommand } from './checkCommand';
import { checkDerived } from './checkDerived';
import { checkFile } from './checkFile';
import { checkSnapshot } from './checkSnapshot';
import { checkSweep } from './checkSweep';
import { claim } from './claim';
import { cleanDerived } from './cleanDerived';
import { comparePlan } from './comparePlan';
import { compareSnapshot } from './compareSnapshot';
import { countOriginals } from './countOriginals';
import { countPurged } from './countPurged';
import { deleteDerived } from './deleteDerived';
import { deleteOne } from './deleteOne';
import { deleteProductSet } from './deleteProductSet';
import { deleteSurveyed } from './deleteSurveyed';
import { estimateDerived } from './estimateDerived';
import { gatherImages } from './gatherImages';
import { importSnapshot } from './importSnapshot';
import { joinMembers } from './joinMembers';
import { lastLook } from './lastLook';
import { listCandidates } from './listCandidates';
import { listMemberships } from './listMemberships';
import { listTargets } from './listTargets';
import { markSnapshots } from './markSnapshots';
import { markUsed } from './markUsed';
import { readList } from './readList';
import { registerSweep } from './registerSweep';
import { relistMemberships } from './relistMemberships';
import { relistTargets } from './relistTargets';
import { removeImageFiles } from './removeImageFiles';
import { removeUnused } from './removeUnused';
import { report } from './report';
import { reportDerived } from './reportDerived';
import { reportImport } from './reportImport';
import { reportRestore } from './reportRestore';
import { reportSweep } from './reportSweep';
import { restoreProducts } from './restoreProducts';
import { runImport } from './runImport';
import { runPurge } from './runPurge';
import { settleCandidates } from './settleCandidates';
import { shareResults } from './shareResults';
import { stageFile } from './stageFile';
import type { Step } from './step';
import { surveyProducts } from './surveyProducts';
import { takeOutShared } from './takeOutShared';
import { unregisterSweep } from './unregisterSweep';
import { waitUntil } from './waitUntil';
import { watchIndex } from './watchIndex';
import { writePlan } from './writePlan';

export const STEPS: Record<StepName, Step> = {
  waitUntil,
  checkCommand,
  stageFile,
  checkFile,
  claim,
  joinMembers,
  runImport,
  shareResults,
  reportImport,
  archiveFile,
  watchIndex,
  deleteOne,
  readList,
  listTargets,
  listMemberships,
  surveyProducts,
  gatherImages,
  comparePlan,
  writePlan,
  deleteSurveyed,
  takeOutShared,
  relistTargets,
  relistMemberships,
  lastLook,
  runPurge,
  countPurged,
  deleteProductSet,
  removeImageFiles,
  checkSweep,
  registerSweep,
  listCandidates,
  markUsed,
  markSnapshots,
  removeUnused,
  settleCandidates,
  reportSweep,
  unregisterSweep,
  cancelOther,
  checkDerived,
  countOriginals,
  deleteDerived,
  estimateDerived,
  cleanDerived,
  reportDerived,
  checkSnapshot,
  compareSnapshot,
  importSnapshot,
  restoreProducts,
  reportRestore,
  report,
};
