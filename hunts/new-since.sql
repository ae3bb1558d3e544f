-- title: New since a day
-- question: Which programs, remote addresses and findings were first seen on or after this day?
-- technique: none
-- parameter: since date: first day, in UTC
-- example: icecore hunt new-since --param since=2026-11-23
WITH observed AS (
  SELECT 'program' AS what, coalesce(executable, comm) AS seen, capture_id, captured_at FROM processes
  UNION ALL
  SELECT 'remote address', remote_address, capture_id, captured_at FROM sockets WHERE remote_port > 0
  UNION ALL
  SELECT 'listening port', protocol || ' ' || CAST(local_port AS varchar), capture_id, captured_at FROM sockets WHERE state = 'LISTEN'
  UNION ALL
  SELECT 'content of a file', sha256, capture_id, captured_at FROM files WHERE sha256 IS NOT NULL
  UNION ALL
  SELECT 'domain', value, capture_id, captured_at FROM indicators WHERE type = 'domain'
  UNION ALL
  SELECT 'finding', title, capture_id, captured_at FROM findings
)
SELECT what, seen, min(captured_at) AS first_seen, max(captured_at) AS last_seen, count(DISTINCT capture_id) AS captures, min(capture_id) AS example
FROM observed
WHERE seen IS NOT NULL
GROUP BY what, seen
HAVING min(captured_at) >= :since
ORDER BY first_seen, what, seen
