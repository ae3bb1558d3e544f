-- title: Rare libraries
-- question: Which libraries are mapped as code in few containers only?
-- technique: T1574.006
-- parameter: most number = 1: most containers that a library may be mapped in to count as rare
-- example: icecore hunt rare-libraries
SELECT m.name AS library, m.build_id, count(DISTINCT coalesce(m.container_id, m.capture_id)) AS containers, count(DISTINCT m.image) AS images, count(*) AS mappings, bool_or(m.file_deleted) AS deleted, min(p.comm) AS example
FROM memory_mappings AS m
JOIN processes AS p ON p.capture_id = m.capture_id AND p.pid = m.pid
WHERE m.file_type IS NOT NULL AND substr(m.permissions, 3, 1) = 'x' AND m.name IS DISTINCT FROM p.executable
GROUP BY m.name, m.build_id
HAVING count(DISTINCT coalesce(m.container_id, m.capture_id)) <= :most
ORDER BY containers, mappings, library, m.build_id NULLS LAST
