-- title: What could not be seen
-- question: Which captures lack something, by damage or by kind, and which rules were blind?
-- technique: none
-- parameter: damage_only yesno = no: yes leaves out what no such archive can hold
-- example: icecore hunt captures-with-gaps --param damage_only=yes
WITH missing AS (
  SELECT capture_id, code AS kind, subject, reason
  FROM gaps
  WHERE code <> 'not_captured' OR NOT :damage_only
  UNION ALL
  SELECT capture_id, 'rule ' || state, detector, coalesce(reason, '')
  FROM detector_coverage
  WHERE state = 'failed' OR (state = 'blind' AND NOT :damage_only)
)
SELECT c.captured_at, c.capture_id, c.cluster, c.namespace, c.pod, c.container, m.kind, m.subject, m.reason
FROM missing AS m
JOIN captures AS c ON c.capture_id = m.capture_id
ORDER BY c.captured_at NULLS LAST, c.capture_id, m.kind, m.subject, m.reason
