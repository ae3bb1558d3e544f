-- title: Timeline
-- question: What happened when, by every time that a checkpoint holds?
-- technique: none
-- parameter: capture text = '': beginning of a capture's id; empty for all
-- parameter: since date = 1990-01-01: first day, in UTC
-- parameter: until date = 2100-01-01: day before which it must be, in UTC
-- example: icecore hunt timeline --param since=2026-11-01
WITH events AS (
  SELECT capture_id, created_at AS happened_at, 'container created' AS event, coalesce(image, '') AS what, CAST(NULL AS bigint) AS pid
  FROM captures
  UNION ALL
  SELECT capture_id, captured_at, 'container checkpointed', coalesce(archive_name, ''), CAST(NULL AS bigint)
  FROM captures
  UNION ALL
  SELECT capture_id, modified_at, 'content of a file modified (' || origin || ')', path, CAST(NULL AS bigint)
  FROM files
  UNION ALL
  SELECT capture_id, entered_at, 'command entered', command, pid
  FROM shell_history
  UNION ALL
  SELECT DISTINCT capture_id, expires_at, 'secret expires', secret_type || ' ' || masked || ' ' || coalesce(principal, ''), pid
  FROM secrets
)
SELECT e.happened_at, e.event, e.what, e.pid, c.capture_id, c.cluster, c.namespace, c.pod, c.container
FROM events AS e
JOIN captures AS c ON c.capture_id = e.capture_id
WHERE e.happened_at >= :since AND e.happened_at < :until AND starts_with(e.capture_id, :capture)
ORDER BY e.happened_at, e.event, e.what, c.capture_id, e.pid NULLS LAST
