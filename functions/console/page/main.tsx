/** The page: mounts the console. */
import { render } from 'preact';
import { Console } from './console';

const root = document.getElementById('console');
if (root !== null) {
  root.replaceChildren();
  render(<Console />, root);
}
