import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { CaptureView } from '../model/capture-view.ts';
import type { ProcessBadge, ProcessView } from '../model/process-view.ts';
import { Evidence } from './evidence-text.tsx';
import { counted } from './format.ts';
import { Facts, Section } from './section.tsx';
import { FindingLinks, SeverityBadge } from './severity.tsx';
import { boundariesBehind, treeGuides } from './tree-guides.ts';

/** The processes as they descend from each other, each with what is worth a word. */
export function ProcessTree({ view: { processes }, onDemand = false }: { readonly view: Pick<CaptureView, 'processes'>; /** Whether the facts of a process are made when it is opened: a page of hundreds is there sooner. */ readonly onDemand?: boolean }): VNode {
  const common = commonBadges(processes.listed);
  const guides = treeGuides(processes.listed.map(({ depth }) => depth));
  const behind = boundariesBehind(processes.listed.map(({ depth, entered }) => ({ depth, crosses: entered.length > 0 })));
  const more = processes.total - processes.listed.length;
  return (
    <Section id="processes" lead={`${counted(processes.total, 'process', 'processes')} as the container was frozen. Processes that were started by exec and do not descend from the first one are not in a checkpoint.${common.size === 0 ? '' : ` All of them: ${[...common].join(', ')}.`}`}>
      <ol class="tree" data-filterable="processes">
        {processes.listed.map((process, i) => (
          <li data-filter-row class={behind[i] === 0 ? undefined : `apart apart-${Math.min(3, behind[i] ?? 0)}`}>
            {process.entered.length === 0 ? null : <Boundary process={process} guide={guides[i] ?? ''} />}
            <ProcessLine process={process} guide={guides[i] ?? ''} common={common} onDemand={onDemand} />
          </li>
        ))}
      </ol>
      {more > 0 ? <p class="more">{counted(more, 'more process', 'more processes')} without findings.</p> : null}
    </Section>
  );
}

/** What is so of every process is said once. */
function commonBadges(processes: readonly ProcessView[]): ReadonlySet<string> {
  const [first, ...rest] = processes.map(({ badges }) => new Set(badges.map(badgeText)));
  return new Set(first === undefined || rest.length === 0 ? [] : [...first].filter((text) => rest.every((texts) => texts.has(text))));
}

/** Where the tree crosses into namespaces that the parent is not in. */
function Boundary({ process: { entered, pid }, guide }: { readonly process: ProcessView; readonly guide: string }): VNode {
  return (
    <p class="boundary" id={`boundary-${pid}`}>
      <span class="guide" aria-hidden="true">{guide.replaceAll(/[├└]─ $/g, '│  ')}</span>
      <span>{entered.join(', ')} {entered.length === 1 ? 'namespace' : 'namespaces'} of its own from here on</span>
    </p>
  );
}

function ProcessLine({ process, guide, common, onDemand }: { readonly process: ProcessView; readonly guide: string; readonly common: ReadonlySet<string>; readonly onDemand: boolean }): VNode {
  const { pid, name, commandLine, badges, findings, severity } = process;
  const [made, setMade] = useState(!onDemand);
  return (
    <details class="process" id={`process-${pid}`} onToggle={onDemand ? () => setMade(true) : undefined}>
      <summary>
        <span class="guide" aria-hidden="true">{guide}</span>
        <span class="pid">{pid}</span>
        <b class="name"><Evidence text={name} /></b>
        <span class="command-line">{commandLine === undefined ? null : <Evidence text={commandLine} code />}</span>
        <span class="badges">
          {severity === undefined ? null : <SeverityBadge severity={severity} />}
          {findings.length === 0 ? null : <span class="badge">{counted(findings.length, 'finding')}</span>}
          {badges.filter((badge) => !common.has(badgeText(badge))).map((badge) => (
            <span class={`badge ${badge.kind}`}>{badgeText(badge)}</span>
          ))}
        </span>
      </summary>
      {made ? <ProcessFacts process={process} /> : null}
    </details>
  );
}

function ProcessFacts({ process }: { readonly process: ProcessView }): VNode {
  const { ppid, commandLine, executable, cwd, state, uid, gid, threads, capabilities, seccomp, openFiles, stdio, peers, findings, entered } = process;
  const stdioNames = ['input', 'output', 'error'];
  const allFindings = findings.length === 0 ? undefined : <FindingLinks numbers={findings} />;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ['Findings', allFindings],
    ['Command line', commandLine === undefined ? 'not in the archive' : <Evidence text={commandLine} code />],
    ['Executable', executable === undefined ? undefined : <><Evidence text={executable.path} code />{executableStates[executable.state]}</>],
    ['Working directory', cwd === undefined ? undefined : <Evidence text={cwd} code />],
    ['Parent', ppid === 0 ? 'none in the archive' : <a href={`#process-${ppid}`}>{ppid}</a>],
    ['Acts as', uid === undefined ? 'not known' : `uid ${uid}, gid ${gid ?? '?'}`],
    ['State', [state ?? 'not known', counted(threads, 'thread'), seccomp === undefined ? undefined : `seccomp ${seccomp}`].filter((part) => part !== undefined).join(', ')],
    ['Standard streams', stdio.map((file, i) => <>{i === 0 ? '' : ', '}{stdioNames[i]} {file === undefined ? 'closed' : <Evidence text={file} code />}</>)],
    ['Namespaces', entered.length === 0 ? undefined : `${entered.join(', ')} apart from its parent’s`],
    ['Open files', String(openFiles)],
    ['Connected with', peers.length === 0 ? undefined : peers.map(({ kind, pids, more }, i) => <>{i === 0 ? '' : '; '}{kind} to {pids.map((pid, at) => <>{at === 0 ? '' : ', '}<a href={`#process-${pid}`}>{pid}</a></>)}{more > 0 ? ` and ${more} more` : ''}</>)],
    ['Capabilities', capabilities.length === 0 ? 'none in effect' : <span class="capabilities">{capabilities.map((name) => name.replace(/^CAP_/, '').toLowerCase()).join(' ')}</span>],
  ];
  return <Facts facts={facts} />;
}

const executableStates = { file: null, deleted: ' (deleted)', memory_only: ' (in memory only)' } as const;

function badgeText(badge: ProcessBadge): string {
  switch (badge.kind) {
    case 'memory_only':
      return 'program in memory only';
    case 'deleted':
      return 'program deleted';
    case 'root':
      return 'uid 0';
    case 'unfiltered':
      return 'no seccomp';
    case 'connected':
      return counted(badge.count, 'connection');
    case 'listening':
      return `listens${badge.count > 1 ? ` on ${badge.count}` : ''}`;
    case 'state':
      return badge.state;
    case 'own_namespaces':
      return `own ${badge.namespaces.join(', ')} namespace`;
    case 'node_namespaces':
      return `${badge.namespaces.join(', ')} of the node`;
  }
}
