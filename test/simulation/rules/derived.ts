/**
 * At Cloudinary goes only what a request names or what belongs to image files that it has removed, originals only where
 * that is asked for by name; what went is counted, or said not to be; and who says that all is gone is right.
 */
import type { Command } from '../../../shared/core/command';
import { formatGsUri } from '../../../shared/core/names';
import { IMAGES, STATE } from '../services';
import { objectOf, type Rule } from './rule';

type DeleteDerived = Extract<Command, { command: 'deleteDerivedResources' }>;

/** An original as it stands there, with the transformations of what is derived of it. */
interface Resource {
  tags: string[];
  derived: string[];
}

interface Tally {
  originals: number;
  derived: number;
}

const TYPE = { resourceType: 'image', type: 'upload' } as const;

function selects(command: DeleteDerived, publicId: string, { tags }: Resource): boolean {
  const { select, resourceType, type } = command;
  if (resourceType !== TYPE.resourceType || type !== TYPE.type) return false;
  if (select.publicIds !== undefined) return select.publicIds.includes(publicId);
  if (select.prefix !== undefined) return publicId.startsWith(select.prefix);
  if (select.tag !== undefined) return tags.includes(select.tag);
  return select.all === true;
}

/** Whether the request may take originals along. */
function takesOriginals(command: Command): boolean {
  if (command.command !== 'deleteDerivedResources') {
    return 'derived' in command && command.derived?.keepOriginal === false;
  }
  return command.keepOriginal === false && command.force === true && command.transformations === undefined;
}

export const derived: Rule = ({ asked, services, strangers }, violated) => {
  const tallies = new Map<string, Tally>();
  /** Public ids of the image files that a request has removed. */
  const removed = new Map<string, Set<string>>();
  /** And of those that it has found gone: another sweep may have been there first. */
  const foundGone = new Map<string, Set<string>>();
  let before = new Map<string, Resource>();

  function resources(): Map<string, Resource> {
    const { resources: listed } = services.cloudinary.list({ resourceType: 'image', maxResults: 500 });
    return new Map(
      listed.map(({ public_id: publicId, tags }) => {
        const details = services.cloudinary.details({ ...TYPE, publicId }, { maxResults: 500 });
        return [publicId, { tags, derived: details.derived.map(({ transformation }) => transformation) }];
      }),
    );
  }

  function checkGone(requestId: string, publicId: string, old: Resource, gone: string[], isOriginalGone: boolean) {
    const command = asked.commandOf(requestId);
    const what = `${requestId} deletes ${isOriginalGone ? 'the original' : 'what is derived of'} ${publicId}`;
    if (command === undefined) return violated(`${what}, which nobody asked for`);
    if (isOriginalGone && !takesOriginals(command)) violated(`${what}, which it has to keep`);
    if (command.command !== 'deleteDerivedResources') {
      const isGone = [removed, foundGone].some((files) => files.get(requestId)?.has(publicId) === true);
      if (!isGone) violated(`${what}, whose image file it has not removed`);
      return;
    }
    if (!selects(command, publicId, old)) violated(`${what}, which it does not select`);
    const { transformations } = command;
    const other = gone.find((one) => transformations !== undefined && !transformations.includes(one));
    if (other !== undefined) violated(`${what} by ${other}, which it does not name`);
  }

  function tallyOf(requestId: string): Tally {
    const tally = tallies.get(requestId) ?? { originals: 0, derived: 0 };
    tallies.set(requestId, tally);
    return tally;
  }

  function isTouched(publicId: string, since: string): boolean {
    return (strangers.get(`image/${publicId}`) ?? 0) >= Date.parse(since);
  }

  /** A request says that it has succeeded: nothing of what it was to delete is left. */
  function checkSucceeded(requestId: string): void {
    const record = asked.record(requestId);
    const command = asked.commandOf(requestId);
    if (record === null || command === undefined || record.dryRun) return;
    for (const [publicId, { derived: left }] of wanted(requestId, command)) {
      if (isTouched(publicId, record.acceptedAt)) continue;
      if (takesOriginals(command)) violated(`${requestId} has succeeded, and the original ${publicId} is still there`);
      const { transformations = left } = 'transformations' in command ? command : {};
      const missed = left.find((one) => transformations.includes(one));
      if (missed !== undefined) violated(`${requestId} has succeeded, and ${missed} of ${publicId} is still there`);
    }
  }

  function wanted(requestId: string, command: Command): [string, Resource][] {
    const all = [...resources()];
    if (command.command === 'deleteDerivedResources') return all.filter(([id, one]) => selects(command, id, one));
    const isAsked = 'derived' in command && command.derived !== undefined;
    return all.filter(([publicId]) => isAsked && removed.get(requestId)?.has(publicId) === true);
  }

  return {
    beforeCall({ method }) {
      if (method === 'deletePage') before = resources();
    },
    afterCall(call, result) {
      const { requestId = '' } = call.invocation;
      if (call.port === 'objects' && objectOf(call).bucket === IMAGES) {
        const [, publicId = ''] = /([^/]*)\.png$/.exec(formatGsUri(objectOf(call))) ?? [];
        const add = (files: typeof removed) =>
          files.set(requestId, (files.get(requestId) ?? new Set<string>()).add(publicId));
        if (call.method === 'delete' && result !== 'changed') add(removed);
        if (call.method === 'stat' && result === null) add(foundGone);
      }
      if (call.method !== 'deletePage') return;
      const after = resources();
      for (const [publicId, old] of before) {
        const left = after.get(publicId);
        const gone = old.derived.filter((one) => left?.derived.includes(one) !== true);
        if (left !== undefined && gone.length === 0) continue;
        checkGone(requestId, publicId, old, gone, left === undefined);
        const tally = tallyOf(requestId);
        tally.originals += left === undefined ? 1 : 0;
        tally.derived += gone.length;
      }
    },
    objectWritten({ bucket, name }) {
      const [, requestId] = /^events\/.*\/(.*)\.completed\.json$/.exec(name) ?? [];
      if (bucket !== STATE || requestId === undefined) return;
      const { data } = JSON.parse(services.text(STATE, name)) as { data: { outcome: string } };
      if (data.outcome === 'succeeded') checkSucceeded(requestId);
    },
    atEnd() {
      for (const [requestId, { originals, derived: went }] of tallies) {
        const record = asked.closed(requestId);
        if (record === null) continue;
        const told = [record.counts.originals ?? 0, record.counts.derived ?? 0];
        const isSaid = record.problems.some(({ code }) => code === 'count-incomplete');
        const isRight = told[0] === originals && told[1] === went;
        if (!isRight && !isSaid) violated(`${requestId} counts ${told}, but ${[originals, went]} went`);
        if ((told[0] ?? 0) > originals || (told[1] ?? 0) > went)
          violated(`${requestId} counts more than went: ${told}`);
      }
      for (const { requestId = '', command } of asked.commands) {
        const most = command?.command === 'deleteDerivedResources' ? command.maxFiles : undefined;
        const { originals = 0 } = tallies.get(requestId) ?? {};
        if (most !== undefined && strangers.size === 0 && asked.commandOf(requestId) === command && originals > most)
          violated(`${requestId} deletes ${originals} originals; ${most} are allowed`);
      }
    },
  };
};
