-- title: Incidents, the worst first
-- question: What happened in which container?
-- technique: none
-- parameter: least number = 3: lowest severity, 1 to 5
-- example: icecore hunt incidents --param least=4
SELECT captured_at, capture_id, cluster, namespace, pod, container, severity, title, cardinality(finding_ids) AS finding_count, array_join(tactics, ', ') AS tactics, array_join(techniques, ', ') AS techniques, incident_id
FROM incidents
WHERE severity_id >= :least
ORDER BY severity_id DESC, captured_at NULLS LAST, capture_id, incident_id
