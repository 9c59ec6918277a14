/** What is bundled for `npm run simulate` and `npm run mutate`. */
export { simulate } from './simulate';
