/** The import slots of the last 24 hours, in `quota/imports.json` of the state bucket. */
import type { Config } from '../config';
import type { SlotView } from '../core/mergePolicy';
import { NO_SLOTS, returnSlot, slotsAt, takeSlot } from '../core/quota';
import type { ObjectName, Ports } from '../ports';
import { readJson, updateJson } from './jsonObject';

type SlotPorts = Pick<Ports, 'objects' | 'clock' | 'entropy'>;

/** Slots are taken before the intent of an import and given back only where the call certainly started nothing. */
export function createSlots(ports: SlotPorts, config: Config) {
  const object: ObjectName = { bucket: config.stateBucket, name: 'quota/imports.json' };

  return {
    /** The slots as the policy of starts sees them. */
    async view(): Promise<SlotView> {
      const { used, nextFreeAt } = slotsAt(
        await readJson(ports, object, NO_SLOTS),
        config.importsPerDay,
        ports.clock.now(),
      );
      const { importsPerDay: limit, importReserve: reserve, sizes } = config;
      return { limit, reserve, used, nextFreeAt, importLines: sizes.importLines };
    },

    /**
     * Takes a slot and gives the minute that it is counted under, or null where none is free. Those of the reserve are
     * free for urgent files only.
     */
    async take(urgent: boolean): Promise<string | null> {
      const limit = config.importsPerDay - (urgent ? 0 : config.importReserve);
      let minute: string | null = null;
      await updateJson(ports, object, NO_SLOTS, (slots) => {
        const taken = takeSlot(slots, limit, ports.clock.now());
        minute = taken?.minute ?? null;
        return taken?.slots ?? null;
      });
      return minute;
    },

    async giveBack(minute: string): Promise<void> {
      await updateJson(ports, object, NO_SLOTS, (slots) => returnSlot(slots, minute));
    },
  };
}
