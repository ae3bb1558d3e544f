-- title: Code without a file
-- question: Which processes run from memory alone, or have writable code or code of deleted files mapped?
-- technique: T1620
-- example: icecore hunt fileless-code
WITH places AS (
  SELECT capture_id, 'program in memory' AS kind, pid, executable AS what, CAST(NULL AS varchar) AS address_hex, executable_size AS bytes
  FROM processes
  WHERE executable_type = 'MEMFD'
  UNION ALL
  SELECT capture_id, 'code of a memfd', pid, name, start_hex, size
  FROM memory_mappings
  WHERE substr(permissions, 3, 1) = 'x' AND file_type = 'MEMFD'
  UNION ALL
  SELECT capture_id, 'code of a deleted file', pid, name, start_hex, size
  FROM memory_mappings
  WHERE substr(permissions, 3, 1) = 'x' AND file_deleted AND file_type IS DISTINCT FROM 'MEMFD'
  UNION ALL
  SELECT capture_id, 'code without a file', pid, permissions, start_hex, size
  FROM memory_mappings
  WHERE substr(permissions, 3, 1) = 'x' AND file_type IS NULL AND name = '' AND present_bytes > 0
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.kind, p.pid, q.comm, p.what, p.address_hex, p.bytes
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
JOIN processes AS q ON q.capture_id = p.capture_id AND q.pid = p.pid
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.pid, p.kind, p.address_hex NULLS LAST
