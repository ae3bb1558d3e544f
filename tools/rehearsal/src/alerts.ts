/** A policy that captures what is alerted, with limits that do not bind unless they are given. */
export function capturingPolicy({ limits = '', then = '[]', series = '' }: { limits?: string; then?: string; series?: string } = {}): string {
  return `apiVersion: icecore.dev/v1
kind: CapturePolicy
protect: [{ namespace: kube-system }]
rules:
  - name: everything
    match: {}
    capture: { containers: alerted, retention: { lock: 30d }${series} }
    then: ${then}
limits: { maxAge: 3650d, cooldown: 1s, deduplicate: 1s, perNodePerHour: 1000, freeBytes: 0${limits === '' ? '' : `, ${limits}`} }
`;
}

/** An alert of Falco about a pod. */
export function falcoAlert(namespace: string, pod: string, container: string, over: { rule?: string; time?: Date; fields?: object } = {}): string {
  const { rule = 'Terminal shell in container', time = new Date(), fields = {} } = over;
  return JSON.stringify({
    output: `${time.toISOString().slice(11)}: Notice A shell was spawned`,
    priority: 'Notice',
    rule,
    time: time.toISOString(),
    source: 'syscall',
    output_fields: { 'k8s.ns.name': namespace, 'k8s.pod.name': pod, 'container.name': container, 'proc.cmdline': 'bash', ...fields },
    tags: ['T1059', 'container', 'shell'],
    hostname: 'lab-node',
  });
}
