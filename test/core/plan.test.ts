import { type PlanQuestion, planOf } from '../../shared/core/plan';
import type { RequestName, StepName } from '../../shared/core/request';

const REQUESTS: RequestName[] = [
  'importProductSets',
  'deleteReferenceImage',
  'deleteProduct',
  'deleteProducts',
  'deleteProductSet',
  'purgeProductsInProductSet',
  'purgeOrphanProducts',
  'deleteDerivedResources',
  'restoreSnapshot',
];

function stepsOf(question: Partial<PlanQuestion> & { request: RequestName }): StepName[] {
  return planOf({ dryRun: false, ...question }).map(({ step }) => step);
}

describe('the plan', () => {
  it.each<[string, Partial<PlanQuestion> & { request: RequestName }, string]>([
    [
      'an import',
      { request: 'importProductSets' },
      'stageFile checkFile claim runImport reportImport archiveFile watchIndex',
    ],
    ['a merged import', { request: 'mergedImport' }, 'joinMembers claim runImport shareResults'],
    ['a delete', { request: 'deleteProduct' }, 'deleteOne'],
    [
      'a delete with its files',
      { request: 'deleteReferenceImage', imageFiles: 'removeUnlessUsedByProduct' },
      'deleteOne removeImageFiles',
    ],
    ['a delete that keeps its files', { request: 'deleteProduct', imageFiles: 'keep' }, 'deleteOne'],
    [
      'a sweep of what was left',
      { request: 'sweepImageFiles' },
      'checkSweep registerSweep listCandidates markUsed markSnapshots removeUnused settleCandidates reportSweep unregisterSweep',
    ],
    [
      'a sweep of a folder',
      { request: 'sweepImageFiles', prefix: 'gs://images/shop/' },
      'checkSweep registerSweep listCandidates markUsed markSnapshots removeUnused reportSweep unregisterSweep',
    ],
    [
      'a dry run of a sweep',
      { request: 'sweepImageFiles', dryRun: true },
      'checkSweep listCandidates markUsed markSnapshots removeUnused reportSweep',
    ],
    [
      'a sweep of a folder that cleans at Cloudinary',
      { request: 'sweepImageFiles', prefix: 'gs://images/shop/', derived: { keepOriginal: true } },
      'checkDerived checkSweep registerSweep listCandidates markUsed markSnapshots removeUnused cleanDerived reportSweep unregisterSweep',
    ],
    [
      'a dry run of that',
      { request: 'sweepImageFiles', derived: { keepOriginal: true }, dryRun: true },
      'checkDerived checkSweep listCandidates markUsed markSnapshots removeUnused estimateDerived reportSweep',
    ],
    ['a set delete', { request: 'deleteProductSet' }, 'checkCommand claim deleteProductSet'],
    [
      'a bulk delete',
      { request: 'deleteProducts', imageFiles: 'removeUnlessUsedByProduct' },
      'checkCommand listTargets listMemberships surveyProducts gatherImages deleteSurveyed removeImageFiles report',
    ],
    [
      'a purge of a set',
      { request: 'purgeProductsInProductSet' },
      'checkCommand claim listTargets listMemberships surveyProducts gatherImages relistTargets lastLook runPurge countPurged watchIndex report',
    ],
    [
      'a purge that ends with the set and the files',
      { request: 'purgeProductsInProductSet', thenDeleteProductSet: true, imageFiles: 'removeUnlessUsedByProduct' },
      'checkCommand claim listTargets listMemberships surveyProducts gatherImages relistTargets lastLook runPurge countPurged deleteProductSet removeImageFiles watchIndex report',
    ],
    [
      'a purge of the orphans',
      { request: 'purgeOrphanProducts' },
      'checkCommand claim listTargets listMemberships surveyProducts gatherImages relistTargets relistMemberships lastLook runPurge countPurged report',
    ],
    [
      'a delete with its files and what is derived of them',
      { request: 'deleteProduct', imageFiles: 'removeUnlessUsedByProduct', derived: { keepOriginal: true } },
      'checkDerived deleteOne removeImageFiles cleanDerived',
    ],
    [
      'a dry run of that',
      {
        request: 'deleteProduct',
        imageFiles: 'removeUnlessUsedByProduct',
        derived: { keepOriginal: true },
        dryRun: true,
      },
      'checkDerived deleteOne estimateDerived report',
    ],
    [
      'a delete that keeps its files, although it says derived',
      { request: 'deleteProduct', derived: { keepOriginal: true } },
      'checkDerived deleteOne',
    ],
    [
      'a delete that leaves its files for a sweep, although it says derived',
      { request: 'deleteProduct', imageFiles: 'removeUnlessUsed', derived: { keepOriginal: true } },
      'checkDerived deleteOne removeImageFiles',
    ],
    [
      'a deletion of derived images',
      { request: 'deleteDerivedResources' },
      'checkDerived countOriginals deleteDerived reportDerived',
    ],
    [
      'a restore',
      { request: 'restoreSnapshot' },
      'checkSnapshot claim compareSnapshot importSnapshot restoreProducts watchIndex reportRestore',
    ],
    [
      'a dry run of a restore',
      { request: 'restoreSnapshot', dryRun: true },
      'checkSnapshot compareSnapshot reportRestore',
    ],
  ])('of %s has these steps', (_case, question, steps) => {
    expect(stepsOf(question).join(' ')).toBe(steps);
  });

  it.each(REQUESTS.slice(1))('of a dry run of %s has no step that changes anything, and reports', (request) => {
    const plan = stepsOf({
      request,
      dryRun: true,
      thenDeleteProductSet: true,
      imageFiles: 'removeUnlessUsedByProduct',
      derived: { keepOriginal: true },
    });
    const changing: StepName[] = [
      'claim',
      'runImport',
      'deleteSurveyed',
      'runPurge',
      'removeImageFiles',
      'cleanDerived',
      'deleteDerived',
      'archiveFile',
      'importSnapshot',
      'restoreProducts',
    ];

    expect(plan.filter((step) => changing.includes(step))).toEqual([]);
    expect(plan.at(-1)).toMatch(/^report/);
  });

  it.each(REQUESTS)('of %s begins with waiting where the command names a time', (request) => {
    expect(stepsOf({ request, notBefore: '2026-11-22T20:00:00Z' })[0]).toBe('waitUntil');
    expect(stepsOf({ request })).not.toContain('waitUntil');
  });

  it('reports and archives an import however it ends', () => {
    const always = planOf({ request: 'importProductSets', dryRun: false }).filter((step) => step.always === true);

    expect(always.map(({ step }) => step)).toEqual(['reportImport', 'archiveFile', 'watchIndex']);
  });

  it.each<RequestName>(['purgeProductsInProductSet', 'purgeOrphanProducts'])(
    'of %s claims before it looks, looks before it purges, and removes files last',
    (request) => {
      const plan = stepsOf({ request, imageFiles: 'removeUnlessUsedByProduct' });
      const places = (['claim', 'surveyProducts', 'gatherImages', 'runPurge', 'removeImageFiles'] as const).map(
        (step) => plan.indexOf(step),
      );

      expect(places.every((place, index) => place > (places[index - 1] ?? -1))).toBe(true);
    },
  );
});
