/** Problems with their place: errors first, as the record gives them. */

import { counted, problemPlace } from '../../../shared/console/words';
import type { RequestRecord } from '../../../shared/core/request';
import { Badge } from './badge';

export function Problems({ record: { problems, files } }: { record: RequestRecord }) {
  if (problems.length === 0) return null;
  return (
    <table class="problems cards">
      <caption>
        {counted(problems.length, 'problem', 'problems')}
        {files.report !== undefined && '; the report has every one'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">Code</th>
          <th scope="col">What is wrong</th>
        </tr>
      </thead>
      <tbody>
        {problems.map((problem, index) => (
          <tr key={index}>
            <td>{problemPlace(problem)}</td>
            <td>
              {problem.severity === 'warning' && <Badge label="warning" tone="neutral" />} <code>{problem.code}</code>
            </td>
            <td class="wide">{problem.message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
