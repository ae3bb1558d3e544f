/** A policy to begin with: captures what leaves the strongest traces, and says what it leaves alone. */
export const examplePolicy = `apiVersion: icecore.dev/v1
kind: CapturePolicy
protect:
  - namespace: [kube-system, kube-node-lease]
  - labels: { icecore.dev/protect: "true" }
rules:
  - name: asked for
    match: { source: [annotation, operator] }
    capture: { containers: alerted, retention: { lock: 90d } }
  - name: fileless code and reverse shells
    match:
      source: falco
      rule: ["Fileless execution*", "Redirect STDOUT/STDIN*", "*Netcat Remote Code Execution*", "Outbound Connection to C2*"]
    capture:
      containers: alerted
      series: { count: 2, every: 60s }
      retention: { lock: 1y, hold: true }
    then: [{ action: label, labels: { icecore.dev/suspect: "true" } }]
  - name: anything severe
    match: { severity: 70 }
    capture: { containers: alerted }
limits: { cooldown: 15m, deduplicate: 10m, perNodePerHour: 12, maxAge: 1h }
retention: { lock: 90d }
`;
