-- title: Stacking, least frequent first
-- question: What values do the telling columns have, and which of them are rare?
-- technique: none
-- parameter: most number = 1: most captures that may have a value
-- example: icecore hunt stacking --param most=1
WITH observed AS (
  SELECT 'program' AS what, coalesce(executable, comm) AS seen, capture_id, image FROM processes
  UNION ALL
  SELECT 'name of a process', comm, capture_id, image FROM processes
  UNION ALL
  SELECT 'working directory', cwd, capture_id, image FROM processes
  UNION ALL
  SELECT 'user id', CAST(uid AS varchar), capture_id, image FROM processes
  UNION ALL
  SELECT 'listening port', protocol || ' ' || CAST(local_port AS varchar), capture_id, image FROM sockets WHERE state = 'LISTEN'
  UNION ALL
  SELECT 'remote port', protocol || ' ' || CAST(remote_port AS varchar), capture_id, image FROM sockets WHERE remote_port > 0
  UNION ALL
  SELECT 'remote address', remote_address, capture_id, image FROM sockets WHERE remote_port > 0
  UNION ALL
  SELECT 'name of a variable', name, capture_id, image FROM environment
  UNION ALL
  SELECT 'library', name, capture_id, image FROM memory_mappings WHERE file_type IS NOT NULL AND substr(permissions, 3, 1) = 'x'
  UNION ALL
  SELECT 'folder of a changed file', regexp_replace(path, '/[^/]*$', ''), capture_id, image FROM files WHERE change = 'present'
  UNION ALL
  SELECT 'finding', title, capture_id, image FROM findings
)
SELECT what, seen, count(DISTINCT capture_id) AS captures, count(DISTINCT image) AS images, count(*) AS times, min(capture_id) AS example
FROM observed
WHERE seen IS NOT NULL
GROUP BY what, seen
HAVING count(DISTINCT capture_id) <= :most
ORDER BY captures, times, what, seen
