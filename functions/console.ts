/** The console: a page that shows requests, product sets and events, and what it reads. Changes nothing. */

import { pageHtml } from 'virtual:console-page';
import { depsOf, lazy } from '../shared/handler';
import { createAnswer } from './console/answer';
import { createReaders } from './console/readers';
import { serve } from './framework/serve';

const deps = depsOf('console');

serve(
  'console',
  createAnswer(
    pageHtml,
    lazy(() => createReaders(deps())),
  ),
);
