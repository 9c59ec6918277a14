/** What `--help` says of the verbs that publish a command. */

const COMMON = `
  --location L       us-west1, us-east1, europe-west1 or asia-east1
  --dry-run          say what would happen, change nothing
  --request-id ID    done once, however often it is sent; the request is then called cmd-ID
  --not-before TIME  RFC 3339
  --reason TEXT      kept in the ledger and in the event
  --wait             follow the request until it has ended
  --json             the outcome as JSON, for programs

The system is the one that the environment names: after source .local/env the local one.
Exit status: 0 published, or with --wait succeeded · 1 with --wait: it ended otherwise · 2 it could not be sent.
`;

const DELETING = `  --image-files HOW  keep (default), removeUnlessUsedByProduct or removeUnlessUsed
`;

const BULK = `  --force            required, unless it is a --dry-run
  --max-products N   refuse to take more
  --no-snapshot      leave no snapshot: it cannot be undone
  --plan-id ID       carry out only what that dry run found
`;

export const REQUEST_HELP = {
  delete: `Usage: product-search-cleanup delete product ID…            products, by id
       product-search-cleanup delete products --list gs://…   products, by a list of ids or by a filter
       product-search-cleanup delete image PRODUCT IMAGE      one reference image
       product-search-cleanup delete set ID                   a product set; its products stay

  --list gs://…      an id a line
  --in-set ID, --id-prefix TEXT, --label KEY=VALUE (again for more), --category C
                     all that are given must match
${BULK}${DELETING}${COMMON}`,
  purge: `Usage: product-search-cleanup purge set ID     all products of a product set, for ever; a snapshot undoes it
       product-search-cleanup purge orphans    all products that are in no product set

${BULK}  --shared-products HOW   products that are in other sets, too: refuse (default), delete or keep
  --then-delete-set       the emptied set as well
${DELETING}${COMMON}`,
  restore: `Usage: product-search-cleanup restore SNAPSHOT

Undoes a purge or bulk delete. SNAPSHOT is a gs:// URI of a snapshot.json, or the id of the request that left it.
${COMMON}`,
  sweep: `Usage: product-search-cleanup sweep

Removes image files that no reference image uses any more: those that earlier requests left, or all under a prefix.

  --force              required, unless it is a --dry-run
  --prefix gs://…/     inside REMOVABLE_IMAGES
  --older-than-days N  default 30
  --max-files N        default 10,000
${COMMON}`,
  cancel: `Usage: product-search-cleanup cancel REQUEST

A request that has changed nothing yet ends as cancelled; a bulk delete stops at its next page.

  --force            abandon one whose operation is stalled
${COMMON}`,
  send: `Usage: product-search-cleanup send JSON

Any command as it stands in a message; - reads it from standard input.
${COMMON}`,
} as const;
