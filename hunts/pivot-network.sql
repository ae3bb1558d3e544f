-- title: Everything in a network
-- question: Which captures have a connection from or to this network, or an address of it in memory?
-- technique: T1071
-- parameter: network network: network in CIDR form, IPv4 or IPv6
-- example: icecore hunt pivot-network --param network=10.88.0.0/16
WITH places AS (
  SELECT capture_id, 'connection' AS found_in, pid, remote_address AS address, protocol || ' ' || coalesce(state, '') || ' from port ' || CAST(coalesce(local_port, 0) AS varchar) || ' to port ' || CAST(coalesce(remote_port, 0) AS varchar) AS what
  FROM sockets
  WHERE remote_address_key BETWEEN :network_first AND :network_last AND remote_port > 0
  UNION ALL
  SELECT capture_id, 'local address', pid, local_address, protocol || ' ' || coalesce(state, '') || ' port ' || CAST(coalesce(local_port, 0) AS varchar)
  FROM sockets
  WHERE local_address_key BETWEEN :network_first AND :network_last AND local_port > 0
  UNION ALL
  SELECT capture_id, 'indicator in ' || found_in, pid, value, CAST(occurrence_count AS varchar) || ' times'
  FROM indicators
  WHERE address_key BETWEEN :network_first AND :network_last
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.found_in, p.pid, p.address, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.found_in, p.pid NULLS LAST, p.address, p.what
