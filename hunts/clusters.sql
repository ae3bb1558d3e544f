-- title: All clusters at a glance
-- question: How many captures, containers and findings does each cluster and namespace have, the worst first?
-- technique: none
-- example: icecore hunt clusters
WITH worst AS (
  SELECT capture_id, count(*) AS findings, count_if(severity_id >= 4) AS grave, max(severity_id) AS severity_id
  FROM findings
  GROUP BY capture_id
)
SELECT coalesce(c.cluster, '') AS cluster, coalesce(c.namespace, '') AS namespace, count(*) AS captures, count(DISTINCT coalesce(c.container_id, c.capture_id)) AS containers, count(DISTINCT c.image) AS images, coalesce(sum(w.findings), 0) AS findings, coalesce(sum(w.grave), 0) AS high_or_critical, coalesce(max(w.severity_id), 0) AS worst_severity_id, min(c.captured_at) AS first_capture, max(c.captured_at) AS last_capture
FROM captures AS c
LEFT JOIN worst AS w ON w.capture_id = c.capture_id
GROUP BY coalesce(c.cluster, ''), coalesce(c.namespace, '')
ORDER BY worst_severity_id DESC, high_or_critical DESC, cluster, namespace
