import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import type { EnvironmentView } from '../model/environment-view.ts';
import { Evidence } from './evidence-text.tsx';
import { counted } from './format.ts';
import { Scrollable, Section } from './section.tsx';

/** The environments of the processes, secrets masked; equal ones once. */
export function Environments({ view: { environments } }: { readonly view: CaptureView }): VNode {
  const { listed, total } = environments;
  return (
    <Section id="environment" lead={`${counted(total, 'environment')}, equal ones once. A secret is a mark: its kind, and digits that are the same wherever the same secret stands.`}>
      {listed.map((environment) => (
        <Environment environment={environment} />
      ))}
      {total > listed.length ? <p class="more">{counted(total - listed.length, 'more environment')}.</p> : null}
    </Section>
  );
}

function Environment({ environment: { pids, variables, more, reason } }: { readonly environment: EnvironmentView }): VNode {
  const shown = pids.slice(0, 12);
  return (
    <details class="table" open={false}>
      <summary>
        {pids.length === 1 ? 'Process' : 'Processes'} {shown.join(', ')}{pids.length > shown.length ? ` and ${pids.length - shown.length} more` : ''}: {counted(variables.length + more, 'variable')}
        {variables.some(({ secret }) => secret !== undefined) ? <span class="badge secret">secrets masked</span> : null}
      </summary>
      {reason === undefined ? null : <p class="more">Not whole: <Evidence text={reason} /></p>}
      <Scrollable label={`Environment of process ${pids[0] ?? ''}`}>
        <table class="environment">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {variables.map(({ name, value }) => (
              <tr>
                <td><Evidence text={name} code /></td>
                <td class="path">{value === undefined ? null : <Evidence text={value} code />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {more > 0 ? <p class="more">{counted(more, 'more variable')}.</p> : null}
    </details>
  );
}
