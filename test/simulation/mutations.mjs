/**
 * What is broken on purpose, guard by guard: a text of one source file and what stands there instead. Each must be
 * caught by the simulator (`npm run mutate`). A new guard gets a line here.
 */
export const MUTATIONS = [
  {
    guard: 'The ledger is written by compare-and-set',
    file: 'shared/ledger/records.ts',
    find: '      metadata: summaryMetadata(next),\n      ifGenerationMatch,\n',
    replace: '      metadata: summaryMetadata(next),\n',
  },
  {
    guard: 'Claims and slots are written by compare-and-set',
    file: 'shared/ledger/jsonObject.ts',
    find: "      ifGenerationMatch: found?.generation ?? '0',\n",
    replace: '',
  },
  {
    guard: 'A late redelivery finds the closed record',
    file: 'shared/engine/accept.ts',
    find: "  if (closed === null) return { kind: 'accepted', opened };",
    replace: "  if (closed === null || opened !== null) return { kind: 'accepted', opened };",
  },
  {
    guard: 'A message is acknowledged only when its request is accepted',
    file: 'shared/engine/receiveCommand.ts',
    find: "  const accepted = await accept(record, { ...ports, records, config }, 'now');",
    replace:
      "  const accepted: Awaited<ReturnType<typeof accept>> = await accept(record, { ...ports, records, config }, 'now').catch(() => ({ kind: 'duplicate' as const }));",
  },
  {
    guard: 'Whoever takes over looks for the closed record first',
    file: 'shared/engine/takeOver.ts',
    find: '  if ((died || untouched) && (await records.isClosed(id))) {',
    replace: '  if (died && untouched && false) {',
  },
  {
    guard: 'Nobody takes over before the lease is over',
    file: 'shared/engine/takeOver.ts',
    find: 'isLeased(found.record, ports.clock.now())',
    replace: '(isLeased(found.record, ports.clock.now()) && false)',
  },
  {
    guard: 'The end of a lease is waited for',
    file: 'shared/ledger/records.ts',
    find: 'export const CLOCK_SKEW_MS = 10_000;',
    replace: 'export const CLOCK_SKEW_MS = -30_000;',
  },
  {
    guard: 'No call begins that does not end before the lease',
    file: 'shared/engine/ownership.ts',
    find: 'if (until - deps.clock.now() >= CALL_DEADLINE_MS + early) return;',
    replace: 'if (until - deps.clock.now() >= CALL_DEADLINE_MS + early || early > 0) return;',
  },
  {
    guard: 'What is journaled as ended is closed, and nothing of it repeated',
    file: 'shared/engine/takeOver.ts',
    find: '  if ((await journaled(ports, config, event, taken.record.acceptedAt)) === null) return taken;',
    replace:
      '  if (event !== null || (await journaled(ports, config, event, taken.record.acceptedAt)) === null) return taken;',
  },
  {
    guard: 'The journaled event holds',
    file: 'shared/ledger/journal.ts',
    find: "    { contentType: 'application/cloudevents+json', ifGenerationMatch: '0' },",
    replace: "    { contentType: 'application/cloudevents+json' },",
  },
  {
    guard: 'An event is published before its request is closed',
    file: 'shared/ledger/journal.ts',
    find: '  await ports.publisher.publish(config.eventsTopic, eventMessage(held));',
    replace: '  ports.publisher.publish(config.eventsTopic, eventMessage(held)).catch(() => undefined);',
  },
  {
    guard: 'The closed record is written once',
    file: 'shared/ledger/records.ts',
    find: "        contentType: 'application/json',\n        ifGenerationMatch: '0',\n",
    replace: "        contentType: 'application/json',\n",
  },
  {
    guard: 'A closed record says what was announced',
    file: 'shared/engine/finish.ts',
    find: '...(event === ours ? {} : {',
    replace: '...(event === ours || event !== null ? {} : {',
  },
  {
    guard: 'The intent of an import is written before the call',
    file: 'shared/steps/startImport.ts',
    find: 'at: timeText(context), part: cursor.part };\n  await context.checkpoint(cursor);\n',
    replace: 'at: timeText(context), part: cursor.part };\n',
  },
  {
    guard: 'The intent of a purge is written before the call',
    file: 'shared/steps/runPurge.ts',
    find: 'at: timeText(context), part: 0 };\n  await context.checkpoint({});\n',
    replace: 'at: timeText(context), part: 0 };\n',
  },
  {
    guard: 'A start without an answer is not forgotten',
    file: 'shared/steps/startImport.ts',
    find: "  if (faultClass === 'transient') throw error;\n",
    replace:
      "  if (faultClass === 'transient') record.intent = undefined;\n  if (faultClass === 'transient') throw error;\n",
  },
  {
    guard: 'A claim is kept while a lost import may be running',
    file: 'shared/steps/startImport.ts',
    find: 'const keptUntil = new Date(ports.clock.now() + config.startSettleMs).toISOString();',
    replace: 'const keptUntil = new Date(ports.clock.now()).toISOString();',
  },
  {
    guard: 'A kept claim outlives its request',
    file: 'shared/core/reservation.ts',
    find: '(claim.keptUntil !== undefined && claim.keptUntil > now)',
    replace: '(claim.keptUntil !== undefined && claim.keptUntil < now)',
  },
  {
    guard: 'Claims of open requests are never dropped',
    file: 'shared/core/reservation.ts',
    find: '      (claim) => isOpen(claim.requestId) || ',
    replace: '      (claim) => (isOpen(claim.requestId) && false) || ',
  },
  {
    guard: 'An exclusive claim excludes',
    file: 'shared/core/reservation.ts',
    find: "  if (a.mode === 'shared' && b.mode === 'shared') return false;",
    replace: "  if (a.mode === 'shared' || b.mode === 'shared') return false;",
  },
  {
    guard: 'Nobody overtakes a waiter in its way',
    file: 'shared/core/reservation.ts',
    find: '  return [...reservation.claims, ...earlier]',
    replace: '  return [...reservation.claims, ...earlier.slice(earlier.length)]',
  },
  {
    guard: 'An import takes a claim',
    file: 'shared/core/plan.ts',
    find: "        ...steps('stageFile', 'checkFile', 'claim', 'runImport'),",
    replace: "        ...steps('stageFile', 'checkFile', 'runImport'),",
  },
  {
    guard: 'A purge tells single deletes of itself',
    file: 'shared/steps/runPurge.ts',
    find: '  await createReservations(ports, config).change(record.location, record.id, { purging });\n',
    replace: '',
  },
  {
    guard: 'No more imports than slots',
    file: 'shared/core/quota.ts',
    find: 'count > 0 && freeAgainAt(minute) > now)',
    replace: 'count > 0 && freeAgainAt(minute) < now)',
  },
  {
    guard: 'A slot is taken for a whole day',
    file: 'shared/core/quota.ts',
    find: 'const DAY_MS = 24 * 60 * MINUTE_MS;',
    replace: 'const DAY_MS = 22 * 60 * MINUTE_MS;',
  },
  {
    guard: 'A slot is kept where the start may have happened',
    file: 'shared/steps/startImport.ts',
    find: "  if (faultClass === 'exhausted') await createSlots(ports, config).giveBack(slot);",
    replace: '  await createSlots(ports, config).giveBack(slot);',
    also: {
      find: "  if (faultClass === 'transient') throw error;\n",
      replace:
        "  if (faultClass === 'transient') {\n    await createSlots(ports, config).giveBack(slot);\n    throw error;\n  }\n",
    },
  },
  {
    guard: 'An outcome is counted from the statuses, not from SUCCESSFUL',
    file: 'shared/core/importReport.ts',
    find: '    } else if (status.code === STATUS_CODES.OK) {',
    replace: '    } else if (status.code >= STATUS_CODES.OK) {',
  },
  {
    guard: 'A line of which nothing was said counts as failed',
    file: 'shared/core/importReport.ts',
    find: '      report.failed.push({ line, problem: { ...unsaid(outcome), line } });',
    replace: '      report.imported += 1;',
  },
  {
    guard: 'Failures are told in the order of lines',
    file: 'shared/steps/reportImport.ts',
    find: '  yield* parts.flat().sort((one, other) => one.line - other.line);',
    replace: '  yield* parts.flat();',
  },
  {
    guard: 'Skipped lines go into retry.csv',
    file: 'shared/steps/reportImport.ts',
    find: 'yield { line, retry: skipped, problems };',
    replace: 'yield { line, retry: skipped && problems.length > 1, problems };',
  },
  {
    guard: 'A file that joins a merged import is its own no more',
    file: 'shared/steps/joinMembers.ts',
    find: '  return (await records.save(next, opened.generation)) === null ? null : { record: next, member };',
    replace: '  await records.save(next, opened.generation);\n  return { record: next, member };',
  },
  {
    guard: 'The archive has a file before it leaves intake',
    file: 'shared/steps/archiveFile.ts',
    find: "(await copyToArchive(context, archive)) === 'source-gone'",
    replace: "archive.name === ''",
  },
  {
    guard: 'A file leaves intake at its generation',
    file: 'shared/steps/archiveFile.ts',
    find: 'ports.objects.delete(file, { ifGenerationMatch: file.generation })',
    replace: 'ports.objects.delete(file)',
  },
  {
    guard: 'Files whose event never came are found',
    file: 'shared/engine/missedFiles.ts',
    find: "      if (dropPath(object.name).kind === 'ignored') continue;",
    replace: '      if (object.name.length > 0) continue;',
  },
  {
    guard: 'An image file goes only at the generation that was seen',
    file: 'shared/steps/removeImageFiles.ts',
    find: 'context.ports.objects.delete(object, { ifGenerationMatch: file.generation })',
    replace: 'context.ports.objects.delete(object)',
  },
  {
    guard: 'An image file that the product still uses stays',
    file: 'shared/steps/removeImageFiles.ts',
    find: '    if (user !== undefined) return kept(',
    replace: '    if (user !== undefined && user.uri === user.productId) return kept(',
  },
  {
    guard: 'Nothing is on its way when a request leaves off',
    file: 'shared/steps/atOnce.ts',
    find: '        faults.push(error);\n',
    replace: '        faults.push(error);\n        throw error;\n',
  },
  {
    guard: 'Products of protected sets stay',
    file: 'shared/core/belts.ts',
    find: 'member.productSetIds.some((id) => isProtected(id, globs))',
    replace: 'member.productSetIds.every((id) => id === globs.join())',
  },
  {
    guard: 'A protected set is not purged or deleted',
    file: 'shared/steps/checkCommand.ts',
    find: '  if (productSetId !== undefined && isProtected(productSetId, config.protectedProductSets)) {',
    replace: '  if (productSetId !== undefined && isProtected(productSetId, [])) {',
  },
  {
    guard: 'Products of other sets are not purged along',
    file: 'shared/core/belts.ts',
    find: '  if (shared.length === 0) return null;',
    replace: '  if (shared.length >= 0) return null;',
  },
  {
    guard: 'A dry run changes nothing',
    file: 'shared/steps/deleteProductSet.ts',
    find: '  if (!record.dryRun) {',
    replace: '  if (record.at >= 0) {',
  },
  {
    guard: 'A set is deleted after its purge only if it is empty',
    file: 'shared/steps/deleteProductSet.ts',
    find: '    if (items.length > 0) {',
    replace: '    if (items.length > 100) {',
  },
  {
    guard: 'Targets are listed again right before a purge',
    file: 'shared/steps/runPurge.ts',
    find: '  if (added.length === 0) return start(context);\n',
    replace: '  if (added.length >= 0) return start(context);\n',
  },
  {
    guard: 'A snapshot has every image',
    file: 'shared/steps/imageFiles.ts',
    find: '  const images = [...first.items];',
    replace: '  const images = first.items.slice(0, 1);',
  },
];
