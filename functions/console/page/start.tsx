/** How to begin: the two lines to type, with this system's own names in them. */
import { useState } from 'preact/hooks';
import type { Overview } from '../../../shared/console/overview';

export function Start({ overview }: { overview: Overview }) {
  const { intakeBucket, commandsTopic, isLocal, projectId } = overview;
  const project = isLocal ? '' : ` --project ${projectId}`;
  const message = `{"command":"deleteProduct","productId":"PRODUCT_ID"}`;
  return (
    <section class="start" aria-label="How to start">
      <Line title="Drop a CSV to import it" command={`gcloud storage cp products.csv gs://${intakeBucket}/`} />
      <Line
        title="Publish a command to delete or purge"
        command={`gcloud pubsub topics publish ${commandsTopic}${project} --message '${message}'`}
      />
      {isLocal && (
        <p class="quiet">
          In another terminal, after <code>source .local/env</code>. Everything here is in memory and ends with it.
        </p>
      )}
    </section>
  );
}

function Line({ title, command }: { title: string; command: string }) {
  const [label, setLabel] = useState('Copy');
  // Browsers give the clipboard to secure addresses only, and may be told to refuse it.
  const copy = async () => {
    const isCopied = await Promise.resolve()
      .then(() => navigator.clipboard.writeText(command))
      .then(() => true)
      .catch(() => false);
    setLabel(isCopied ? 'Copied' : 'Not allowed here');
    window.setTimeout(() => setLabel('Copy'), 2_000);
  };
  return (
    <div class="line">
      <h2>{title}</h2>
      <code>{command}</code>
      <button type="button" class="small" onClick={() => void copy()}>
        {label}
      </button>
    </div>
  );
}
