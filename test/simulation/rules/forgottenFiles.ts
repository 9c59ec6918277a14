/** Who asks for the image files of deleted products to be removed gets that for every product that went. */
import type { RequestRecord } from '../../../shared/core/request';
import { IMAGES, LOCATIONS, PROJECT } from '../services';
import type { GoneProduct } from '../witness';
import { lastSegment } from './catalogue';
import type { Rule } from './rule';

/** A file of a product that a request has deleted. */
interface Due {
  requestId: string;
  product: string;
  name: string;
  generation: string;
  at: number;
  /** The purge that took it. */
  operation?: string;
  /** Products that used it as well: where the same request was to delete one of them and could not, the file stays. */
  usedBy: string[];
}

const LEFT_OFF = /^(?:deleteSurveyed|countPurged|removeImageFiles): failed: /;

/** It gave up where it finds out what went, or on the files themselves; or the service refused to remove one for good. */
function hasLeftOff({ history, problems }: RequestRecord): boolean {
  return history.some(({ what }) => LEFT_OFF.test(what)) || problems.some(({ code }) => code === 'not-removed');
}

function isKnown({ operations }: RequestRecord, id: string | undefined): boolean {
  return id === undefined || operations.some(({ name }) => lastSegment(name) === id);
}

export const forgottenFiles: Rule = ({ now, asked, services, strangers }, violated) => {
  const due: Due[] = [];
  /** The products that each request has deleted, by request. */
  const deletedBy = new Map<string, Set<string>>();
  /** When each request began its last listing of products. */
  const listed = new Map<string, number>();
  /** When a product got an image the last time, by `location/product`. */
  const imaged = new Map<string, number>();

  function generationOf(name: string): string | null {
    try {
      return services.storage.getObject({ bucket: IMAGES, name }).generation;
    } catch {
      return null;
    }
  }

  function remember(requestId: string, { location, id, images }: GoneProduct, operation?: string): void {
    const product = `${location}/${id}`;
    deletedBy.set(requestId, (deletedBy.get(requestId) ?? new Set()).add(product));
    const command = asked.commandOf(requestId);
    if (command === undefined || !('imageFiles' in command)) return;
    if (command.imageFiles !== 'removeUnlessUsedByProduct') return;
    for (const { uri } of images) {
      const name = uri.startsWith(`gs://${IMAGES}/`) ? uri.slice(`gs://${IMAGES}/`.length) : '';
      const generation = generationOf(name);
      if (generation === null) continue;
      due.push({ requestId, product, name, generation, at: now(), operation, usedBy: usersOf(location, name) });
    }
  }

  function usersOf(location: string, name: string): string[] {
    const parent = `projects/${PROJECT}/locations/${location}`;
    const { items } = services.productSearch.listProducts({ parent, pageSize: 100 });
    return items.map((product) => `${location}/${product.name.split('/').at(-1)}`).filter((key) => isUsed(key, name));
  }

  function isUsed(product: string, name: string): boolean {
    const [location, id] = product.split('/');
    const parent = `projects/${PROJECT}/locations/${location}/products/${id}`;
    try {
      const { items } = services.productSearch.listReferenceImages({ parent, pageSize: 100 });
      return items.some(({ uri }) => uri === `gs://${IMAGES}/${name}`);
    } catch {
      return false;
    }
  }

  return {
    productDeleted(product, { invocation }) {
      remember(invocation.requestId ?? '', product);
    },
    operationEnded({ id, kind, requestId = '', location, lines, gone }) {
      for (const product of gone) remember(requestId, product, id);
      if (kind === 'import') for (const line of lines) imaged.set(`${location}/${line.split(',')[3]}`, now());
    },
    afterCall({ method, parameters, invocation: { requestId = '' } }) {
      const { pageToken } = (parameters.at(-1) ?? {}) as { pageToken?: string };
      if (method.startsWith('listProducts') && pageToken === undefined) listed.set(requestId, now());
      if (method === 'createReferenceImage') imaged.set(`${parameters[0]}/${parameters[1]}`, now());
    },
    atEnd() {
      for (const { requestId, product, name, generation, at, operation, usedBy } of due) {
        const record = asked.closed(requestId);
        if (record === null || hasLeftOff(record)) continue;
        // A purge whose name nobody learned took it when its request had begun to look for the last time what is left.
        if (!isKnown(record, operation) && at >= (listed.get(requestId) ?? 0)) continue;
        // A purge that got lost went on after its request had ended; and what came back since is another story.
        if (at > Date.parse(record.endedAt ?? '') || (imaged.get(product) ?? 0) >= Date.parse(record.acceptedAt))
          continue;
        if (usedBy.some((other) => deletedBy.get(requestId)?.has(other) !== true)) continue;
        if (LOCATIONS.some((location) => strangers.has(`${location}/${product.split('/')[1]}`))) continue;
        if (strangers.has(`image/${name.replace('.png', '')}`)) continue;
        if (generationOf(name) === generation && !isUsed(product, name))
          violated(`${requestId} has deleted ${product} and left ${name} behind`);
      }
    },
  };
};
