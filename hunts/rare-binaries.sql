-- title: Rare binaries
-- question: Which programs run in few containers only?
-- technique: T1204
-- parameter: most number = 1: most containers that a program may run in to count as rare
-- example: icecore hunt rare-binaries --param most=2
SELECT coalesce(executable, comm) AS program, executable_build_id, count(DISTINCT coalesce(container_id, capture_id)) AS containers, count(DISTINCT image) AS images, count(*) AS processes, bool_or(executable_deleted) AS deleted, min(captured_at) AS first_seen, max(captured_at) AS last_seen, min(command_line) AS example
FROM processes
WHERE state IS DISTINCT FROM 'zombie'
GROUP BY coalesce(executable, comm), executable_build_id
HAVING count(DISTINCT coalesce(container_id, capture_id)) <= :most
ORDER BY containers, processes, program, executable_build_id NULLS LAST
