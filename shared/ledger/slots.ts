/** The import slots of the last 24 hours, in `quota/imports.json` of the state bucket. */
import type { Config } from '../config';
import { NO_SLOTS, returnSlot, slotsAt, takeSlot } from '../core/quota';
import type { ObjectName, Ports } from '../ports';
import { readJson, updateJson } from './jsonObject';

type SlotPorts = Pick<Ports, 'objects' | 'clock' | 'entropy'>;

/** Slots are taken before the intent of an import and given back only where the call certainly started nothing. */
export function createSlots(ports: SlotPorts, config: Config) {
  const object: ObjectName = { bucket: config.stateBucket, name: 'quota/imports.json' };

  return {
    /** Milliseconds at which the next slot is free; now or earlier where one is free. */
    async nextFreeAt(): Promise<number> {
      const slots = await readJson(ports, object, NO_SLOTS);
      return slotsAt(slots, config.importsPerDay, ports.clock.now()).nextFreeAt;
    },

    /** Takes a slot and gives the minute that it is counted under, or null where none is free. */
    async take(): Promise<string | null> {
      let minute: string | null = null;
      await updateJson(ports, object, NO_SLOTS, (slots) => {
        const taken = takeSlot(slots, config.importsPerDay, ports.clock.now());
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
