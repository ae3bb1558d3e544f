-- title: Everything with a hash
-- question: Which captures have a file, library, archive, image or secret with this hash, or speak of it?
-- technique: none
-- parameter: value text: MD5, SHA-1, SHA-256, build id or HMAC of a secret, in hex
-- example: icecore hunt pivot-hash --param value=9d8e1f0c3b5a47e2
WITH places AS (
  SELECT capture_id, 'archive' AS found_in, CAST(NULL AS bigint) AS pid, coalesce(archive_name, capture_id) AS what
  FROM captures
  WHERE archive_sha256 = lower(:value) OR strpos(coalesce(image_ref, ''), lower(:value)) > 0
  UNION ALL
  SELECT capture_id, 'file (' || origin || ')', CAST(NULL AS bigint), path
  FROM files
  WHERE sha256 = lower(:value)
  UNION ALL
  SELECT capture_id, 'program', pid, coalesce(executable, comm)
  FROM processes
  WHERE executable_build_id = lower(:value)
  UNION ALL
  SELECT DISTINCT capture_id, 'mapped file', pid, name
  FROM memory_mappings
  WHERE build_id = lower(:value)
  UNION ALL
  SELECT capture_id, 'indicator in ' || found_in, pid, value
  FROM indicators
  WHERE type IN ('md5', 'sha1', 'sha256') AND value = lower(:value)
  UNION ALL
  SELECT DISTINCT capture_id, 'secret in ' || found_in, pid, secret_type || ' ' || masked
  FROM secrets
  WHERE secret_hmac = lower(:value)
  UNION ALL
  SELECT capture_id, 'finding', pid, summary
  FROM findings
  WHERE strpos(lower(summary), lower(:value)) > 0 OR strpos(lower(coalesce(facts, '')), lower(:value)) > 0
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.found_in, p.pid, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.found_in, p.pid NULLS LAST, p.what
