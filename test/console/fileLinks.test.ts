import { openableObject } from '../../shared/console/fileLinks';
import { STATE } from './records';

it.each([
  ['reports/imp-1/retry.csv'],
  ['snapshots/cmd-1/snapshot.json'],
  ['archive/2026-11-22/imp-1/us-east1/größe %2F.csv'],
  ['plans/p.json'],
  ['events/2026-11-22/e.json'],
])('opens %s of the state bucket', (name) => {
  expect(openableObject(`gs://${STATE}/${name}`, STATE)).toEqual({ bucket: STATE, name });
});

it.each([
  ['gs://other-bucket/reports/r/report.json'],
  [`gs://${STATE}x/reports/r/report.json`],
  [`gs://${STATE}/requests/open/imp-1.json`],
  [`gs://${STATE}/reservations/us-west1.json`],
  [`gs://${STATE}/staging/imp-1/original`],
  [`gs://${STATE}/reports`],
  [`gs://${STATE}/reportsx/r`],
  [`gs://${STATE}/reports/../requests/open/imp-1.json`],
  [`gs://${STATE}/./reports/r.json`],
  [`gs://${STATE}//reports/r.json`],
  [`gs://${STATE}/reports/r\u0000.json`],
  [`https://${STATE}/reports/r.json`],
  ['/etc/passwd'],
  [''],
])('does not open %j', (uri) => {
  expect(openableObject(uri, STATE)).toBeNull();
});
