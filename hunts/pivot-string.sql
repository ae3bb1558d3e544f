-- title: Everything with a string
-- question: Which captures hold this text in a name, a command line, the environment, a history or an indicator?
-- technique: none
-- parameter: value text: the text; capitals do not matter
-- example: icecore hunt pivot-string --param value=xmrig
WITH places AS (
  SELECT capture_id, 'process' AS found_in, pid, comm || ': ' || command_line AS what
  FROM processes
  WHERE strpos(lower(command_line), lower(:value)) > 0 OR strpos(lower(comm), lower(:value)) > 0 OR strpos(lower(coalesce(executable, '')), lower(:value)) > 0
  UNION ALL
  SELECT capture_id, 'environment', pid, name || '=' || coalesce(value, '')
  FROM environment
  WHERE strpos(lower(name || '=' || coalesce(value, '')), lower(:value)) > 0
  UNION ALL
  SELECT capture_id, 'file (' || origin || ', ' || change || ')', CAST(NULL AS bigint), path
  FROM files
  WHERE strpos(lower(path), lower(:value)) > 0 OR strpos(lower(coalesce(link_target, '')), lower(:value)) > 0
  UNION ALL
  SELECT capture_id, 'open file', pid, name
  FROM open_files
  WHERE strpos(lower(name), lower(:value)) > 0
  UNION ALL
  SELECT DISTINCT capture_id, 'mapped file', pid, name
  FROM memory_mappings
  WHERE strpos(lower(name), lower(:value)) > 0
  UNION ALL
  SELECT capture_id, type || ' in ' || found_in, pid, value
  FROM indicators
  WHERE strpos(lower(value), lower(:value)) > 0
  UNION ALL
  SELECT DISTINCT capture_id, 'secret in ' || found_in, pid, secret_type || ' of ' || principal
  FROM secrets
  WHERE strpos(lower(principal), lower(:value)) > 0
  UNION ALL
  SELECT capture_id, 'shell history', pid, command
  FROM shell_history
  WHERE strpos(lower(command), lower(:value)) > 0
  UNION ALL
  SELECT DISTINCT capture_id, kind || ' in ' || found_in, pid, name || ': ' || description
  FROM memory_matches
  WHERE strpos(lower(name), lower(:value)) > 0 OR strpos(lower(description), lower(:value)) > 0
  UNION ALL
  SELECT capture_id, 'finding', pid, summary
  FROM findings
  WHERE strpos(lower(summary), lower(:value)) > 0 OR strpos(lower(coalesce(facts, '')), lower(:value)) > 0
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.found_in, p.pid, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.found_in, p.pid NULLS LAST, p.what
