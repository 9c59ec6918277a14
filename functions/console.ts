/** The console: a page that shows requests, product sets and events, and what it reads. Changes nothing. */

import { pageHtml } from 'virtual:console-page';
import { http } from '@google-cloud/functions-framework';
import { depsOf, lazy } from '../shared/handler';
import { createAnswer } from './console/answer';
import { createReaders } from './console/readers';

const deps = depsOf('console');

http(
  'console',
  createAnswer(
    pageHtml,
    lazy(() => createReaders(deps())),
  ),
);
