/** The steps by name, as the plans name them. */
import type { StepName } from '../core/request';
import { archiveFile } from './archiveFile';
import { checkCommand } from './checkCommand';
import { checkFile } from './checkFile';
import { checkSnapshot } from './checkSnapshot';
import { claim } from './claim';
import { compareSnapshot } from './compareSnapshot';
import { deleteOne } from './deleteOne';
import { deleteProductSet } from './deleteProductSet';
import { deleteSurveyed } from './deleteSurveyed';
import { gatherImages } from './gatherImages';
import { importSnapshot } from './importSnapshot';
import { joinMembers } from './joinMembers';
import { removeImageFiles } from './removeImageFiles';
import { report } from './report';
import { reportImport } from './reportImport';
import { reportRestore } from './reportRestore';
import { restoreProducts } from './restoreProducts';
import { runImport } from './runImport';
import { runPurge } from './runPurge';
import { shareResults } from './shareResults';
import { stageFile } from './stageFile';
import type { Step } from './step';
import { surveyProducts } from './surveyProducts';
import { waitUntil } from './waitUntil';
import { watchIndex } from './watchIndex';

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
  surveyProducts,
  gatherImages,
  deleteSurveyed,
  runPurge,
  deleteProductSet,
  removeImageFiles,
  checkSnapshot,
  compareSnapshot,
  importSnapshot,
  restoreProducts,
  reportRestore,
  report,
};
