/** The steps by name, as the plans name them. */
import type { StepName } from '../core/request';
import { archiveFile } from './archiveFile';
import { cancelOther } from './cancelOther';
import { checkCommand } from './checkCommand';
import { checkFile } from './checkFile';
import { checkSweep } from './checkSweep';
import { claim } from './claim';
import { comparePlan } from './comparePlan';
import { countPurged } from './countPurged';
import { deleteOne } from './deleteOne';
import { deleteProductSet } from './deleteProductSet';
import { deleteSurveyed } from './deleteSurveyed';
import { gatherImages } from './gatherImages';
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
import { reportImport } from './reportImport';
import { reportSweep } from './reportSweep';
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
  report,
};
