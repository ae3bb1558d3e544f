import { isInet, peerOf, plainAddress, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import { commandLineOf, environmentOf, isProgram, named, namesOf } from '../programs.ts';

const clients = new Set(['kubectl', 'crictl', 'docker', 'ctr', 'nerdctl', 'podman', 'oc', 'helm', 'k9s', 'kubeletctl', 'peirates', 'kubeadm', 'etcdctl', 'cdk']);
const runtimeSocket = /\/(?:docker|containerd|crio|podman)\.sock$/;

export const clusterAccess = detector({
  id: 'cluster-access',
  signal: 'S57',
  title: 'Tool or connection that controls the cluster',
  version: 1,
  techniques: ['T1613', 'T1610'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'operators and deployment jobs, whose work it is',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      const client = namesOf(process).find((name) => clients.has(name));
      if (client !== undefined) yield { pid: process.pid, summary: `${named(process)} is ${client}, which controls clusters and containers`, confidence: 'medium', evidence: [{ what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` }], key: `client ${process.pid}` };
      const tool = isProgram(process, 'shell') || isProgram(process, 'downloader') || isProgram(process, 'relay');
      const host = environmentOf(process).get('KUBERNETES_SERVICE_HOST');
      for (const held of socketsOf(process, examination)) {
        const { socket } = held;
        const port = socket.remote?.port;
        const control = isInet(socket) && socket.state === 'ESTABLISHED' && (port === 10250 || port === 2379 || port === 10255 || (host !== undefined && socket.remote !== undefined && plainAddress(socket.remote.address) === host && (port === 443 || port === 6443)));
        const runtime = socket.family === 'AF_UNIX' && runtimeSocket.test(socket.path ?? '') && socket.state !== 'LISTEN';
        if (!runtime && !(control && (tool || port !== 443))) continue;
        yield { pid: process.pid, summary: `${named(process)} is connected to ${runtime ? socket.path ?? 'a runtime’s socket' : `${peerOf(socket) ?? ''}, which controls the cluster`}`, confidence: runtime || tool ? 'high' : 'low', evidence: [socketEvidence(process, held)], facts: { peer: peerOf(socket) ?? socket.path ?? '' }, key: `socket ${process.pid} ${socket.fileId}` };
      }
    }
  },
});
