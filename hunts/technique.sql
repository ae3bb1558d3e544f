-- title: Findings of a technique
-- question: In which captures was this ATT&CK technique, or one below it, seen?
-- technique: none
-- parameter: technique text: id in version 19, for example T1059 or T1059.004
-- example: icecore hunt technique --param technique=T1059
SELECT f.captured_at, f.capture_id, f.cluster, f.namespace, f.pod, f.container, f.severity, f.confidence, f.title, f.pid, f.summary, t.technique_id
FROM findings AS f
CROSS JOIN UNNEST(f.techniques) AS t(technique_id)
WHERE t.technique_id = upper(:technique) OR starts_with(t.technique_id, upper(:technique) || '.')
ORDER BY f.severity_id DESC, f.captured_at NULLS LAST, f.capture_id, f.finding_id, t.technique_id
