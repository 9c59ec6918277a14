/**
 * A sweep removes no file that a young snapshot names, nor one that a restore is bringing back, none that is younger than
 * its command allows, and no more than it allows.
 */

import type { Command } from '../../../shared/core/command';
import { formatGsUri } from '../../../shared/core/names';
import type { Reservation } from '../../../shared/core/reservation';
import type { StoredObject } from '../../../shared/ports';
import { IMAGES, LOCATIONS, STATE } from '../services';
import { objectOf, type Rule } from './rule';
import { readSnapshot } from './snapshotFiles';

type SweepCommand = Extract<Command, { command: 'sweepImageFiles' }>;
type SweptFile = Pick<StoredObject, 'bucket' | 'name' | 'generation' | 'timeCreated'>;

/** For so long restores wait while a sweep is under way. */
const SLICE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

export const sweeps: Rule = ({ now, skewMs, config, services, asked }, violated) => {
  /** Of each request: what it has removed, by URI and generation. */
  const removed = new Map<string, Set<string>>();

  function checkLimits(requestId: string, { maxFiles, olderThanDays }: SweepCommand, file: SweptFile): void {
    const all = (removed.get(requestId) ?? new Set()).add(`${formatGsUri(file)} ${file.generation}`);
    removed.set(requestId, all);
    if (all.size > maxFiles) violated(`${requestId} removes ${all.size} files; ${maxFiles} are allowed`);
    const age = now() + 2 * skewMs - Date.parse(file.timeCreated);
    if (age < olderThanDays * DAY_MS)
      violated(`${requestId} sweeps ${formatGsUri(file)}, which was made on ${file.timeCreated}`);
  }

  /** A part of a snapshot that names the file. */
  function youngSnapshotWith(uri: string): string | undefined {
    const parts = services.names(STATE, 'snapshots/').filter((name) => name.endsWith('.jsonl'));
    return parts.find((name) => {
      const { timeCreated } = services.storage.getObject({ bucket: STATE, name });
      const isYoung = now() - Date.parse(timeCreated) < config.snapshotMs;
      return isYoung && services.text(STATE, name).includes(JSON.stringify(uri));
    });
  }

  /** Restores that are open, and those that have ended with an operation that may still run. */
  function restoring(): string[] {
    const kept = LOCATIONS.flatMap((location) => {
      const text = services.text(STATE, `reservations/${location}.json`);
      const { claims } = text === '' ? { claims: [] } : (JSON.parse(text) as { value: Reservation }).value;
      return claims.filter(({ keptUntil }) => Date.parse(keptUntil ?? '') > now()).map(({ requestId }) => requestId);
    });
    // One that has come since the slice began starts after it.
    const open = asked.requestIds().filter((id) => now() - Date.parse(asked.open(id)?.startedAt ?? '') > SLICE_MS);
    return [...open, ...kept].filter((id) => asked.commandOf(id)?.command === 'restoreSnapshot');
  }

  function restoreOf(uri: string): string | undefined {
    return restoring().find((requestId) => {
      const command = asked.commandOf(requestId);
      const snapshot = command?.command === 'restoreSnapshot' ? readSnapshot(services, command.snapshot) : null;
      const lines = [...(snapshot?.lines.values() ?? [])];
      return lines.some(({ referenceImages }) => referenceImages.some((image) => image.uri === uri));
    });
  }

  return {
    beforeCall(call) {
      if (call.port !== 'objects' || call.method !== 'delete' || objectOf(call).bucket !== IMAGES) return;
      const { requestId = '' } = call.invocation;
      const { ifGenerationMatch } = (call.parameters[1] ?? {}) as { ifGenerationMatch?: string };
      const live = services.generation(IMAGES, objectOf(call).name);
      const goes = live !== '' && (ifGenerationMatch === undefined || ifGenerationMatch === live);
      const command = asked.commandOf(requestId);
      if (!goes || command?.command !== 'sweepImageFiles') return;
      checkLimits(requestId, command, services.storage.getObject(objectOf(call)));
      const uri = formatGsUri(objectOf(call));
      const snapshot = youngSnapshotWith(uri);
      if (snapshot !== undefined) violated(`${requestId} sweeps ${uri}, which ${snapshot} names`);
      const restore = restoreOf(uri);
      if (restore !== undefined) violated(`${requestId} sweeps ${uri}, which ${restore} is bringing back`);
    },
  };
};
