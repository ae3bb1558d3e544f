/** An answer of the kubelet, byte for byte. */
export interface KubeletAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Names a container as the kubelet does in its answers. */
export interface ContainerName {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

const plain = { 'content-type': 'text/plain; charset=utf-8' };
const text = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): KubeletAnswer => ({ status, headers: { ...plain, ...headers }, body });
const failed = ({ namespace, pod, container }: ContainerName, why: string): KubeletAnswer => text(500, `checkpointing of ${namespace}/${pod}/${container} failed (${why})`);

/** Answers of a kubelet 1.36 with containerd 2.1.9 and CRI-O 1.37, as they were recorded. */
export const kubeletAnswers = {
  taken: (path: string): KubeletAnswer => ({ status: 200, headers: { 'content-type': 'application/json' }, body: `{"items":["${path}"]}` }),
  noPod: (): KubeletAnswer => text(404, 'pod does not exist'),
  noContainer: (name: string): KubeletAnswer => text(404, `container ${name} does not exist`),
  gateOff: (): KubeletAnswer => text(404, '404 page not found\n', { 'x-content-type-options': 'nosniff' }),
  wrongPath: (): KubeletAnswer => text(404, '404: Page Not Found'),
  wrongMethod: (): KubeletAnswer => text(405, '405: Method Not Allowed', { allow: 'POST' }),
  timeoutUnreadable: (): KubeletAnswer => text(404, 'cannot parse value of timeout parameter'),
  timeoutNotPositive: (name: ContainerName): KubeletAnswer => failed(name, 'CheckpointContainer requires the timeout value to be > 0'),
  notRunning: (name: ContainerName): KubeletAnswer => failed(name, `container ${name.container} not found`),
  unauthorized: (): KubeletAnswer => text(401, 'Unauthorized'),
  forbidden: (user: string): KubeletAnswer => text(403, `Forbidden (user=${user}, verb=create, resource=nodes, subresource(s)=[checkpoint])`),
  criuMissing: (name: ContainerName, id: string): KubeletAnswer =>
    failed(name, `rpc error: code = Unknown desc = CRIU binary not found or too old (<31600). Failed to checkpoint container "${id}": failed to check for criu version: exec: "criu": executable file not found in $PATH`),
  runtimeFailedContainerd: (name: ContainerName, id: string, log: string): KubeletAnswer =>
    failed(name, `rpc error: code = Unknown desc = checkpointing container "${id}" failed: /usr/bin/runc did not terminate successfully: exit status 1: criu failed: type DUMP errno 0 path= ${log}`),
  runtimeFailedCrio: (name: ContainerName, id: string): KubeletAnswer => {
    const userdata = `/var/lib/containers/storage/overlay-containers/${id}/userdata`;
    const quoted = (line: string): string => `time="2026-11-23T07:48:47Z" level=warning msg="${line}"`;
    const lines = [
      quoted(`--- Quoting \\"${userdata}/dump.log\\"`),
      quoted('20:(00.001269) Error (criu/util.c:1534): rlimit: Can\'t setup RLIMIT_NOFILE for self: Operation not permitted'),
      quoted('...'),
      quoted('1348:(00.052680) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option.'),
      quoted('1350:(00.052692) Error (criu/cr-dump.c:1545): Dump files (pid: 8911) failed with -1'),
    ];
    return failed(name, `rpc error: code = Unknown desc = failed to checkpoint container ${id}: running "/usr/bin/runc" ["checkpoint" "--file-locks" "--image-path" "${userdata}/checkpoint" "--work-path" "${userdata}" "--leave-running" "${id}"] failed: \`/usr/bin/runc --root /run/runc checkpoint --file-locks --leave-running ${id}\` failed: ${lines.join('\n')}\n: exit status 1`);
  },
  collidedContainerd: (name: ContainerName, id: string): KubeletAnswer =>
    failed(name, `rpc error: code = Unknown desc = open /var/lib/containerd/io.containerd.grpc.v1.cri/containers/${id}/ctrd-checkpoint/status: no such file or directory`),
  collidedCrio: (name: ContainerName, id: string): KubeletAnswer => failed(name, `rpc error: code = Unknown desc = failed to checkpoint container ${id}: failed to pause container ${id} before checkpointing: container not running`),
} as const;
