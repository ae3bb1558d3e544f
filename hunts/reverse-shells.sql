-- title: Reverse shells
-- question: Which processes have a network connection as two or three of their standard descriptors?
-- technique: T1059.004
-- example: icecore hunt reverse-shells
SELECT p.captured_at, p.capture_id, p.cluster, p.namespace, p.pod, p.container, p.pid, p.comm, p.command_line, p.executable, s.remote_address, s.remote_port, count(DISTINCT s.fd) AS standard_descriptors
FROM sockets AS s
JOIN processes AS p ON p.capture_id = s.capture_id AND p.pid = s.pid
WHERE s.fd <= 2 AND s.family IN ('AF_INET', 'AF_INET6') AND s.type = 'SOCK_STREAM' AND s.state = 'ESTABLISHED'
GROUP BY p.captured_at, p.capture_id, p.cluster, p.namespace, p.pod, p.container, p.pid, p.comm, p.command_line, p.executable, s.file_id, s.remote_address, s.remote_port
HAVING count(DISTINCT s.fd) >= 2
ORDER BY p.captured_at NULLS LAST, p.capture_id, p.pid, s.remote_address, s.remote_port
