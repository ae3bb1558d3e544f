-- title: Processes under servers
-- question: Which web servers, databases and application servers have started shells and tools?
-- technique: T1505.003
-- example: icecore hunt web-server-children
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.pid AS server_pid, p.comm AS server, c.pid, c.comm, c.command_line, c.executable, c.uid
FROM processes AS c
JOIN processes AS p ON p.capture_id = c.capture_id AND p.pid = c.ppid
WHERE regexp_like(p.comm, '^(nginx|httpd|apache2|php-fpm.*|java|gunicorn.*|uwsgi|puma.*|dotnet|caddy|lighttpd|tomcat.*|postgres|mysqld|mariadbd|redis-server|mongod)$')
  AND (regexp_like(c.comm, '^(sh|bash|dash|ash|busybox|zsh|ksh|perl|python[0-9.]*|ruby|nc|ncat|socat|curl|wget|id|whoami|uname|cat)$') OR regexp_like(coalesce(c.executable, ''), '/(sh|bash|dash|ash|busybox|zsh|ksh|perl|nc|ncat|socat|curl|wget)$'))
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.pid, c.pid
