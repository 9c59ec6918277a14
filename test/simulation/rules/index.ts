/** The rules that hold in every history: those of docs/reliability.md, one a file. */
import { bugs } from './bugs';
import { cancels } from './cancels';
import { claims } from './claims';
import { deletions } from './deletions';
import { derived } from './derived';
import { done } from './done';
import { ends } from './ends';
import { forgottenFiles } from './forgottenFiles';
import { imageFiles } from './imageFiles';
import { indexes } from './indexes';
import { intake } from './intake';
import { lines } from './lines';
import { ownership } from './ownership';
import { purges } from './purges';
import { quotas } from './quotas';
import { repeats } from './repeats';
import { restores } from './restores';
import type { Rule } from './rule';
import { snapshots } from './snapshots';
import { starts } from './starts';
import { surveys } from './surveys';
import { sweeps } from './sweeps';

export const RULES: Record<string, Rule> = {
  bugs,
  cancels,
  claims,
  deletions,
  derived,
  done,
  ends,
  forgottenFiles,
  imageFiles,
  indexes,
  intake,
  lines,
  ownership,
  purges,
  quotas,
  repeats,
  restores,
  snapshots,
  starts,
  surveys,
  sweeps,
};
