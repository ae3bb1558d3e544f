-- title: Listening ports rarely seen
-- question: Which ports do few containers listen on, and which programs?
-- technique: T1571
-- parameter: most number = 1: most containers that may listen on a port
-- example: icecore hunt rare-listening-ports
WITH ports AS (
  SELECT s.protocol, s.local_port, s.local_address, coalesce(s.container_id, s.capture_id) AS holder, s.capture_id, p.comm, p.executable
  FROM sockets AS s
  LEFT JOIN processes AS p ON p.capture_id = s.capture_id AND p.pid = s.pid
  WHERE s.state = 'LISTEN' AND s.local_port > 0
)
SELECT protocol, local_port, count(DISTINCT holder) AS containers, array_join(array_sort(array_agg(DISTINCT coalesce(executable, comm, ''))), ', ') AS programs, min(local_address) AS address, min(capture_id) AS example
FROM ports
GROUP BY protocol, local_port
HAVING count(DISTINCT holder) <= :most
ORDER BY containers, protocol, local_port
