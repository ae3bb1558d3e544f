-- title: Everything that fits an expression
-- question: Which captures hold text that fits this regular expression in a name, a command line, the environment, a history or an indicator?
-- technique: none
-- parameter: expression text: a regular expression; (?i) before it for any capitals
-- example: icecore hunt pivot-expression --param 'expression=198\.51\.100\.\d+'
WITH places AS (
  SELECT capture_id, 'process' AS found_in, pid, comm || ': ' || command_line AS what
  FROM processes
  WHERE regexp_like(command_line, :expression) OR regexp_like(comm, :expression) OR regexp_like(coalesce(executable, ''), :expression)
  UNION ALL
  SELECT capture_id, 'environment', pid, name || '=' || coalesce(value, '')
  FROM environment
  WHERE regexp_like(name || '=' || coalesce(value, ''), :expression)
  UNION ALL
  SELECT capture_id, 'file (' || origin || ', ' || change || ')', CAST(NULL AS bigint), path
  FROM files
  WHERE regexp_like(path, :expression) OR regexp_like(coalesce(link_target, ''), :expression)
  UNION ALL
  SELECT capture_id, 'open file', pid, name
  FROM open_files
  WHERE regexp_like(name, :expression)
  UNION ALL
  SELECT DISTINCT capture_id, 'mapped file', pid, name
  FROM memory_mappings
  WHERE regexp_like(name, :expression)
  UNION ALL
  SELECT capture_id, type || ' in ' || found_in, pid, value
  FROM indicators
  WHERE regexp_like(value, :expression)
  UNION ALL
  SELECT DISTINCT capture_id, 'secret in ' || found_in, pid, secret_type || ' of ' || principal
  FROM secrets
  WHERE regexp_like(principal, :expression)
  UNION ALL
  SELECT capture_id, 'shell history', pid, command
  FROM shell_history
  WHERE regexp_like(command, :expression)
  UNION ALL
  SELECT DISTINCT capture_id, kind || ' in ' || found_in, pid, name || ': ' || description
  FROM memory_matches
  WHERE regexp_like(name, :expression) OR regexp_like(description, :expression)
  UNION ALL
  SELECT capture_id, 'finding', pid, summary
  FROM findings
  WHERE regexp_like(summary, :expression) OR regexp_like(coalesce(facts, ''), :expression)
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.found_in, p.pid, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.found_in, p.pid NULLS LAST, p.what
