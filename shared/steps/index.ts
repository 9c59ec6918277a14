/** The steps by name, as the plans name them. */
import type { StepName } from '../core/request';
import { archiveFile } from './archiveFile';
import { checkCommand } from './checkCommand';
import { checkDerived } from './checkDerived';
import { checkFile } from './checkFile';
import { claim } from './claim';
import { cleanDerived } from './cleanDerived';
import { countOriginals } from './countOriginals';
import { deleteDerived } from './deleteDerived';
import { deleteOne } from './deleteOne';
import { deleteProductSet } from './deleteProductSet';
import { deleteSurveyed } from './deleteSurveyed';
import { estimateDerived } from './estimateDerived';
import { gatherImages } from './gatherImages';
import { joinMembers } from './joinMembers';
import { removeImageFiles } from './removeImageFiles';
import { report } from './report';
import { reportDerived } from './reportDerived';
import { reportImport } from './reportImport';
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
  checkDerived,
  countOriginals,
  deleteDerived,
  estimateDerived,
  cleanDerived,
  reportDerived,
  report,
};
