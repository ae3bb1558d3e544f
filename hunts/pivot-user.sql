-- title: Everything of a user
-- question: Which captures have processes, files, addresses or secrets of this user?
-- technique: T1078
-- parameter: name text: user id, user name, e-mail address or principal of a token
-- example: icecore hunt pivot-user --param name=1000
WITH places AS (
  SELECT capture_id, 'process' AS found_in, pid, comm || ': ' || command_line AS what
  FROM processes
  WHERE CAST(uid AS varchar) = :name OR CAST(euid AS varchar) = :name
  UNION ALL
  SELECT capture_id, 'file (' || origin || ')', CAST(NULL AS bigint), path
  FROM files
  WHERE CAST(uid AS varchar) = :name
  UNION ALL
  SELECT capture_id, 'environment', pid, name || '=' || value
  FROM environment
  WHERE name IN ('USER', 'LOGNAME', 'USERNAME', 'SUDO_USER') AND lower(value) = lower(:name)
  UNION ALL
  SELECT capture_id, 'e-mail in ' || found_in, pid, value
  FROM indicators
  WHERE type = 'email' AND (value = lower(:name) OR split_part(value, '@', 1) = lower(:name))
  UNION ALL
  SELECT DISTINCT capture_id, 'secret in ' || found_in, pid, secret_type || ' of ' || principal
  FROM secrets
  WHERE strpos(lower(principal), lower(:name)) > 0
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.found_in, p.pid, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.found_in, p.pid NULLS LAST, p.what
