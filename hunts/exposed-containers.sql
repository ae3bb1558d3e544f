-- title: Containers from which the node is within reach
-- question: Which containers hold capabilities, namespaces or mounts that lead out of them?
-- technique: T1611
-- example: icecore hunt exposed-containers
WITH reasons AS (
  SELECT DISTINCT p.capture_id, 'capability ' || t.capability AS reason
  FROM processes AS p
  CROSS JOIN UNNEST(p.capabilities_effective) AS t(capability)
  WHERE t.capability IN ('CAP_SYS_ADMIN', 'CAP_SYS_PTRACE', 'CAP_SYS_MODULE', 'CAP_SYS_RAWIO', 'CAP_DAC_READ_SEARCH', 'CAP_BPF', 'CAP_NET_ADMIN', 'CAP_SYS_BOOT')
  UNION ALL
  SELECT DISTINCT p.capture_id, 'shares the ' || t.kind || ' namespace of the node'
  FROM processes AS p
  CROSS JOIN UNNEST(p.namespaces_shared_with_node) AS t(kind)
  WHERE t.kind IN ('pid', 'net', 'ipc', 'mnt', 'uts')
  UNION ALL
  SELECT DISTINCT capture_id, 'no seccomp filter'
  FROM processes
  WHERE seccomp_mode = 'disabled'
  UNION ALL
  SELECT DISTINCT capture_id, 'mount ' || mountpoint || ' of ' || root
  FROM mounts
  WHERE regexp_like(mountpoint, '/(docker|containerd|crio|podman)[.]sock$') OR (external_key IS NOT NULL AND root IN ('/', '/etc', '/root', '/var/lib/kubelet', '/var/log'))
  UNION ALL
  SELECT DISTINCT capture_id, 'finding: ' || title
  FROM findings
  WHERE category = 'exposure' AND contains(techniques, 'T1611')
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, c.image, count(*) AS reason_count, array_join(array_agg(r.reason ORDER BY r.reason), '; ') AS reasons
FROM reasons AS r
JOIN captures AS c ON c.capture_id = r.capture_id
GROUP BY c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, c.image
ORDER BY reason_count DESC, c.captured_at NULLS LAST, c.capture_id
