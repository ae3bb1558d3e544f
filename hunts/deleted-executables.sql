-- title: Programs whose file is gone
-- question: Which processes run a program that was deleted after it was started?
-- technique: T1070.004
-- example: icecore hunt deleted-executables
SELECT p.captured_at, p.capture_id, p.cluster, p.namespace, p.pod, p.container, p.pid, p.comm, p.command_line, p.executable, p.executable_type, max(f.sha256) AS sha256, max(f.size) AS size
FROM processes AS p
LEFT JOIN files AS f ON f.capture_id = p.capture_id AND f.path = p.executable AND f.change = 'hidden'
WHERE p.executable_deleted
GROUP BY p.captured_at, p.capture_id, p.cluster, p.namespace, p.pod, p.container, p.pid, p.comm, p.command_line, p.executable, p.executable_type
ORDER BY p.captured_at NULLS LAST, p.capture_id, p.pid
