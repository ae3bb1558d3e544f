import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import type { AddressScope, GraphEdge, NetworkView, SocketView } from '../model/network-view.ts';
import { Evidence, evidenceString } from './evidence-text.tsx';
import { counted, formatSize } from './format.ts';
import { graphWidth, layNetworkOut, listenLines } from './network-layout.ts';
import { Scrollable, Section } from './section.tsx';
import { severityShapes } from './severity.tsx';

/** Who speaks with whom, and who listens. */
export function NetworkGraph({ view: { network, findings } }: { readonly view: Pick<CaptureView, 'network' | 'findings'> }): VNode {
  const { sockets, socketCount, unixCount, graph } = network;
  const bound = findings.filter(({ detector }) => /packet|filter/.test(detector)).length;
  return (
    <Section id="network" lead={`${socketCount === 0 ? 'No network sockets' : counted(socketCount, 'network socket')}, ${counted(unixCount, 'unix socket')}${bound > 0 ? ', raw or filtered ones among them' : ''}.`}>
      {graph.processes.length === 0 ? null : <Graph graph={graph} />}
      {graph.folded > 0 ? <p class="more">{counted(graph.folded, 'more process or peer', 'more processes and peers')} are not drawn.</p> : null}
      {sockets.length === 0 ? null : <SocketTable sockets={sockets} total={socketCount} />}
    </Section>
  );
}

const scopes: Readonly<Record<AddressScope, string>> = { loopback: 'this container', private: 'private network', link_local: 'link-local', documentation: 'documentation range', multicast: 'multicast', internet: 'internet' };

function Graph({ graph }: { readonly graph: NetworkView['graph'] }): VNode {
  const { height, processes, peers, lines } = layNetworkOut(graph);
  return (
    <figure class="picture">
      <Scrollable label="Processes and whom they speak with">
        <svg class="network-graph" viewBox={`0 0 ${graphWidth} ${Math.ceil(height) + 2}`} role="group" aria-label={`${counted(graph.processes.length, 'process', 'processes')} and ${counted(graph.peers.length, 'peer')}; the table below has the same`}>
          <defs>
            <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
              <path d="M0 0L8 4L0 8z" class="arrow" />
            </marker>
          </defs>
          {lines.map(({ edge, path, label }) => (
            <g class={`edge ${edge.severity ?? ''}`}>
              <path d={path} {...(edge.direction === 'out' ? { 'marker-end': 'url(#arrow)' } : { 'marker-start': 'url(#arrow)' })}>
                <title>{edgeText(edge)}</title>
              </path>
              {label === undefined ? null : (
                <text x={label.x} y={label.y - 6} text-anchor="middle">
                  {edgeLabel(edge)}
                </text>
              )}
            </g>
          ))}
          {processes.map(({ item, x, y, width, height: boxHeight }) => (
            <a href={`#process-${item.pid}`}>
              <g class={`node process-node ${item.severity ?? ''}`}>
                <rect x={x} y={y} width={width} height={boxHeight} rx="4" />
                <text x={x + 12} y={y + 25} class="strong">
                  {item.severity === undefined ? '' : `${severityShapes[item.severity]} `}
                  {evidenceString(item.name, 22)} <tspan class="quiet">({item.pid})</tspan>
                </text>
                {listenLines(item).map((listens, i) => (
                  <text x={x + 12} y={y + 43 + 16 * i} class="quiet mono">
                    ⇥ {listens}
                  </text>
                ))}
              </g>
            </a>
          ))}
          {peers.map(({ item, x, y, width, height: boxHeight }) => (
            <g class={`node peer-node ${item.scope}`}>
              <rect x={x} y={y} width={width} height={boxHeight} rx="20" />
              <text x={x + 18} y={y + 18} class="strong mono">
                {evidenceString(item.address, 30)}
              </text>
              <text x={x + 18} y={y + 33} class="quiet">
                {scopes[item.scope]}
              </text>
            </g>
          ))}
        </svg>
      </Scrollable>
      <figcaption>Processes on the left, peers on the right; an arrow points to who was called. ⇥ is what a process listens on.</figcaption>
    </figure>
  );
}

function edgeLabel({ ports, connections, findings }: GraphEdge): string {
  const shown = ports.length > 2 ? `${ports.slice(0, 2).join(', ')} and ${ports.length - 2} more` : ports.join(', ');
  return `${shown}${connections > 1 ? ` × ${connections}` : ''}${findings.length > 0 ? `  #${findings[0]}` : ''}`;
}

function edgeText({ pid, peer, ports, connections, states, direction }: GraphEdge): string {
  return `process ${pid} ${direction === 'out' ? 'to' : 'from'} ${peer}: ${ports.slice(0, 20).join(', ')}; ${counted(connections, 'connection')}, ${states.join(', ').toLowerCase()}`;
}

function SocketTable({ sockets, total }: { readonly sockets: readonly SocketView[]; readonly total: number }): VNode {
  return (
    <details class="table" open={sockets.length <= 12} data-print-open>
      <summary>{total > sockets.length ? `The first ${sockets.length} of ${total} sockets` : counted(total, 'socket')}</summary>
      <Scrollable label="Sockets">
        <table data-filterable="sockets">
          <thead>
            <tr>
              <th scope="col">Socket</th>
              <th scope="col">State</th>
              <th scope="col">Local</th>
              <th scope="col">Remote</th>
              <th scope="col" class="number">Unread</th>
              <th scope="col" class="number">Unsent</th>
              <th scope="col">Held by (pid/fd)</th>
            </tr>
          </thead>
          <tbody>
            {sockets.map(({ kind, state, local, remote, receiveBytes, sendBytes, pids }) => (
              <tr data-filter-row>
                <td>{kind}</td>
                <td>{state?.toLowerCase()}</td>
                <td>{local === undefined ? null : <Evidence text={local} code />}</td>
                <td>{remote === undefined ? null : <Evidence text={remote} code />}</td>
                <td class="number">{receiveBytes === 0 ? '' : formatSize(receiveBytes)}</td>
                <td class="number">{sendBytes === 0 ? '' : formatSize(sendBytes)}</td>
                <td class="numbers">{pids.map(({ pid, fd }) => `${pid}/${fd}`).join(' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
    </details>
  );
}
