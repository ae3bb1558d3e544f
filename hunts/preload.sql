-- title: Preloaded libraries
-- question: Which processes make the dynamic linker load a library first?
-- technique: T1574.006
-- example: icecore hunt preload
WITH places AS (
  SELECT capture_id, pid, name || '=' || coalesce(value, '') AS what
  FROM environment
  WHERE name IN ('LD_PRELOAD', 'LD_AUDIT') OR (name = 'LD_LIBRARY_PATH' AND regexp_like(coalesce(value, ''), '(^|:)(/tmp|/var/tmp|/dev/shm|/home|[.]|$)'))
  UNION ALL
  SELECT capture_id, CAST(NULL AS bigint), path
  FROM files
  WHERE change = 'present' AND regexp_like(path, '^/etc/ld[.]so[.](preload$|conf)')
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.pid, q.comm, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
LEFT JOIN processes AS q ON q.capture_id = p.capture_id AND q.pid = p.pid
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.pid NULLS LAST, p.what
