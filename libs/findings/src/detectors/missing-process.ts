import { detector } from '../detector.ts';

/** Programs of engines and nodes that are in a container's group for moments; a name is cut after 15 bytes (proc(5), comm). */
const engines = /^(?:runc|runc:\[\d:\w+\]|crun|conmon|conmonrs|containerd-shim|criu|pause|catatonit)$/;

export const missingProcess = detector({
  id: 'missing-process',
  signal: 'S22',
  title: 'Process in the container that the dump does not have',
  version: 2,
  techniques: ['T1609'],
  severity: 'high',
  category: 'attack',
  needs: ['node_processes'],
  falsePositives: 'exec probes of Kubernetes, which run for a moment again and again',
  *detect({ nodeProcesses = [], processes, snapshot }) {
    // Where nothing was dumped, each process is missing, and none says anything.
    if (snapshot.processes.length === 0) return;
    const dumped = new Set(snapshot.processes.flatMap(({ threads, pid }) => [pid, ...threads.map(({ tid }) => tid)]));
    for (const { namespacePid, pid, comm, commandLine } of nodeProcesses) {
      if (dumped.has(namespacePid) || processes.has(namespacePid) || engines.test(comm)) continue;
      yield {
        summary: `${comm} (${namespacePid} in the container, ${pid} on the node) ran in the container and is not in the dump: it was started by exec`,
        confidence: 'high',
        evidence: [{ what: 'process on the node', value: commandLine === '' ? comm : commandLine, path: `/proc/${pid}` }],
        facts: { namespace_pid: String(namespacePid), node_pid: String(pid), command_line: commandLine },
        key: `node ${pid}`,
      };
    }
  },
});
