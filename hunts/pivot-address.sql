-- title: Everything with an IP address
-- question: Which captures have a connection from or to this address, or speak of it?
-- technique: T1071
-- parameter: address address: IPv4 or IPv6 address
-- example: icecore hunt pivot-address --param address=10.88.0.1
WITH places AS (
  SELECT capture_id, 'connection' AS found_in, pid, protocol || ' ' || coalesce(state, '') || ' ' || coalesce(local_address, '') || ' port ' || CAST(coalesce(local_port, 0) AS varchar) || ' to ' || coalesce(remote_address, '') || ' port ' || CAST(coalesce(remote_port, 0) AS varchar) AS what
  FROM sockets
  WHERE local_address_key = :address_key OR remote_address_key = :address_key
  UNION ALL
  SELECT capture_id, 'indicator in ' || found_in, pid, value
  FROM indicators
  WHERE address_key = :address_key
  UNION ALL
  SELECT capture_id, 'indicator in ' || found_in, pid, value
  FROM indicators
  WHERE type IN ('url', 'command_line', 'mining_pool') AND strpos(value, :address) > 0 AND regexp_like(value, '(^|[^0-9a-fA-F.])' || replace(:address, '.', '[.]') || '($|[^0-9a-fA-F])')
  UNION ALL
  SELECT capture_id, 'command line', pid, command_line
  FROM processes
  WHERE strpos(command_line, :address) > 0 AND regexp_like(command_line, '(^|[^0-9a-fA-F.])' || replace(:address, '.', '[.]') || '($|[^0-9a-fA-F])')
  UNION ALL
  SELECT capture_id, 'environment', pid, name || '=' || value
  FROM environment
  WHERE strpos(value, :address) > 0 AND regexp_like(value, '(^|[^0-9a-fA-F.])' || replace(:address, '.', '[.]') || '($|[^0-9a-fA-F])')
  UNION ALL
  SELECT capture_id, 'shell history', pid, command
  FROM shell_history
  WHERE strpos(command, :address) > 0 AND regexp_like(command, '(^|[^0-9a-fA-F.])' || replace(:address, '.', '[.]') || '($|[^0-9a-fA-F])')
  UNION ALL
  SELECT capture_id, 'finding', pid, summary
  FROM findings
  WHERE strpos(summary, :address) > 0 AND regexp_like(summary, '(^|[^0-9a-fA-F.])' || replace(:address, '.', '[.]') || '($|[^0-9a-fA-F])')
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.found_in, p.pid, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.found_in, p.pid NULLS LAST, p.what
