/** The limits of a product label (product_search.proto, `KeyValue` and `product_labels`). Pure. */

export const LABELS_A_PRODUCT = 500;
const LABEL_BYTES = 128;

/** What is wrong with a label's key or value, as the end of a sentence, or null. It has 1 to 128 bytes of UTF-8. */
export function labelPartFault(text: string): string | null {
  const bytes = Buffer.byteLength(text);
  if (bytes === 0) return 'is empty; give 1 to 128 bytes';
  return bytes > LABEL_BYTES ? `has ${bytes} bytes in UTF-8; at most ${LABEL_BYTES} are allowed` : null;
}
