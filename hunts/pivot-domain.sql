-- title: Everything with a domain
-- question: Which captures speak of this domain, or of a name below it?
-- technique: T1071.004
-- parameter: domain text: domain name; names below it count too
-- example: icecore hunt pivot-domain --param domain=example.com
WITH names AS (
  SELECT capture_id, found_in, pid, value, type, CASE
    WHEN type = 'url' THEN lower(url_extract_host(value))
    WHEN type = 'email' THEN split_part(value, '@', 2)
    ELSE value
  END AS host
  FROM indicators
  WHERE type IN ('url', 'email', 'domain', 'onion', 'mining_pool')
),
places AS (
  SELECT capture_id, type || ' in ' || found_in AS found_in, pid, value AS what
  FROM names
  WHERE strpos('.' || split_part(coalesce(host, ''), ':', 1) || '$', '.' || lower(:domain) || '$') > 0
  UNION ALL
  SELECT capture_id, 'command line', pid, command_line
  FROM processes
  WHERE strpos(lower(command_line), lower(:domain)) > 0
  UNION ALL
  SELECT capture_id, 'environment', pid, name || '=' || value
  FROM environment
  WHERE strpos(lower(value), lower(:domain)) > 0
  UNION ALL
  SELECT capture_id, 'shell history', pid, command
  FROM shell_history
  WHERE strpos(lower(command), lower(:domain)) > 0
  UNION ALL
  SELECT capture_id, 'finding', pid, summary
  FROM findings
  WHERE strpos(lower(summary), lower(:domain)) > 0
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.found_in, p.pid, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.found_in, p.pid NULLS LAST, p.what
