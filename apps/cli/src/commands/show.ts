import { command } from '../command.ts';
import { evidenceOptions, openEvidence, type OpenEvidence, processOf, reportDamage } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { environmentLines, fileLines, mappingLines, mountLines, processTitle } from '../render/details.ts';
import { type Section, snapshotJson } from '../render/snapshot-json.ts';
import { headLines, processLines, socketLines, summaryLines } from '../render/summary.ts';
import type { Terminal } from '../terminal.ts';

const sections = ['processes', 'files', 'sockets', 'memory', 'mounts', 'env'] as const satisfies readonly Section[];

/** `icecore show`: what is in an archive, on the screen. */
export const show = command({
  name: 'show',
  summary: 'Show the container in one or more archives: a summary, or the parts asked for.',
  arguments: 'ARCHIVE…',
  count: [1, 10_000],
  options: {
    processes: { type: 'boolean', summary: 'the process tree' },
    files: { type: 'boolean', summary: 'open files of each process' },
    sockets: { type: 'boolean', summary: 'sockets of every family, with queues and holders' },
    memory: { type: 'boolean', summary: 'memory map of each process' },
    mounts: { type: 'boolean', summary: 'mounts' },
    env: { type: 'boolean', summary: 'environment of each process' },
    all: { type: 'boolean', summary: 'all of these' },
    pid: { type: 'string', value: 'PID', summary: 'only this process' },
    json: { type: 'boolean', summary: 'as JSON, one object an archive' },
    ...evidenceOptions,
  },
  examples: [
    ['icecore show samples/podman-attack.tar.zst', 'a summary'],
    ['icecore show --files --pid 23 samples/podman-attack.tar.zst', 'what process 23 had open'],
  ],
  async run({ arguments: paths, options, terminal }) {
    const wanted = new Set<Section>(sections.filter((section) => options[section] === true || options.all === true));
    let code: ExitCode = exitCodes.done;
    for (const [i, path] of paths.entries()) {
      await using evidence = await openEvidence(path, options.parent, terminal);
      const only = options.pid === undefined ? undefined : new Set([processOf(evidence.snapshot, options.pid).pid]);
      const redactions = await redactionsIn(evidence);
      if (options.json === true) await terminal.json(snapshotJson(path, evidence.snapshot, wanted, only, redactions.json));
      else {
        if (i > 0) await terminal.line();
        const told = redactions.lines.map((line) => `  ${line}`);
        const lines = wanted.size === 0 && only === undefined ? summaryLines(evidence, terminal, told) : sectionLines(evidence, wanted, only, terminal, told);
        await terminal.line(lines.join('\n'));
      }
      const quiet = wanted.size === 0 && options.json !== true;
      const found = quiet ? damageCode(evidence) : reportDamage(evidence.snapshot.gaps, terminal);
      if (found !== exitCodes.done) code = found;
    }
    return code;
  },
});

/** What a redacted copy says of itself. Few archives are one, and what reads it is loaded for those alone. */
async function redactionsIn({ archive }: OpenEvidence): Promise<{ readonly lines: readonly string[]; readonly json: object }> {
  if (![...archive.entries.keys()].some((path) => path.startsWith('icecore.redaction.'))) return { lines: [], json: {} };
  const { redactionLines, redactionsJson, redactionsOf } = await import('../redacted-copy.ts');
  const told = await redactionsOf(archive);
  return { lines: redactionLines(told), json: redactionsJson(told) };
}

/** The summary itself lists the damage. */
function damageCode({ snapshot }: OpenEvidence): ExitCode {
  return snapshot.gaps.some(({ code }) => code !== 'not_captured') ? exitCodes.partial : exitCodes.done;
}

function sectionLines(evidence: OpenEvidence, wanted: ReadonlySet<Section>, only: ReadonlySet<number> | undefined, terminal: Terminal, told: readonly string[]): string[] {
  const { snapshot } = evidence;
  const lines = [...headLines(evidence, terminal), ...told];
  const add = (title: string, content: readonly string[]): void => {
    lines.push('', `  ${terminal.style('bold', title)}`, ...content.map((line) => `  ${line}`));
  };
  const processes = snapshot.processes.filter(({ pid }) => only?.has(pid) !== false);
  const held = new Set(processes.flatMap(({ descriptors }) => descriptors.map(({ fileId }) => fileId)));
  const every = wanted.size === 0;
  if (every || wanted.has('processes')) add('processes', processLines(snapshot, terminal, only));
  if (every || wanted.has('sockets')) {
    const sockets = only === undefined ? snapshot.sockets : snapshot.sockets.filter(({ fileId }) => held.has(fileId));
    add('sockets', socketLines(snapshot, sockets, terminal));
  }
  for (const process of processes) {
    if (every || wanted.has('files')) add(`open files of ${processTitle(process)}`, fileLines(process, terminal));
    if (wanted.has('memory')) add(`memory of ${processTitle(process)}`, mappingLines(process, terminal));
    if (every || wanted.has('env')) add(`environment of ${processTitle(process)}`, environmentLines(process));
  }
  if (wanted.has('mounts')) add('mounts', mountLines(snapshot, terminal));
  return lines;
}
