-- title: Everything with a path
-- question: Which captures have this file, or anything in this folder: changed, open, mapped, run or spoken of?
-- technique: none
-- parameter: path text: absolute path; what is below it counts too
-- example: icecore hunt pivot-path --param path=/tmp
WITH places AS (
  SELECT capture_id, 'file (' || origin || ', ' || change || ')' AS found_in, CAST(NULL AS bigint) AS pid, path AS what
  FROM files
  WHERE path = :path OR starts_with(path, :path || '/')
  UNION ALL
  SELECT capture_id, 'program', pid, executable
  FROM processes
  WHERE executable = :path OR starts_with(executable, :path || '/')
  UNION ALL
  SELECT capture_id, 'working directory', pid, cwd
  FROM processes
  WHERE cwd = :path OR starts_with(cwd, :path || '/')
  UNION ALL
  SELECT capture_id, 'open file', pid, name
  FROM open_files
  WHERE name = :path OR starts_with(name, :path || '/')
  UNION ALL
  SELECT DISTINCT capture_id, 'mapped file', pid, name
  FROM memory_mappings
  WHERE name = :path OR starts_with(name, :path || '/')
  UNION ALL
  SELECT capture_id, 'unix socket', pid, path
  FROM sockets
  WHERE path = :path OR starts_with(path, :path || '/')
  UNION ALL
  SELECT DISTINCT capture_id, 'mount', CAST(NULL AS bigint), mountpoint
  FROM mounts
  WHERE mountpoint = :path OR starts_with(mountpoint, :path || '/')
  UNION ALL
  SELECT capture_id, 'path in ' || found_in, pid, value
  FROM indicators
  WHERE type = 'path' AND (value = :path OR starts_with(value, :path || '/'))
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, p.found_in, p.pid, p.what
FROM places AS p
JOIN captures AS c ON c.capture_id = p.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, p.found_in, p.pid NULLS LAST, p.what
