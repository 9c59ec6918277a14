/**
 * Parses a CSV with Papa Parse and counts its rows, nothing more: what `lint` is measured by. A `chunk` callback over a
 * file stream is its fastest way (`step` and NODE_STREAM_INPUT take a fifth longer, chunks of 1 MiB a tenth).
 */
import { createReadStream } from 'node:fs';
import Papa from 'papaparse';

let rows = 0;
Papa.parse(createReadStream(process.argv[2]), {
  header: false,
  chunk({ data }) {
    rows += data.length;
  },
  complete() {
    console.log(rows);
  },
});
