-- title: Drift from the image
-- question: Which programs and scripts are in a container that its image did not have, and which of them run?
-- technique: T1105
-- example: icecore hunt drift
SELECT f.captured_at, f.capture_id, f.cluster, f.namespace, f.pod, f.container, f.image, f.path, f.origin, f.mode_text, f.uid, f.size, f.modified_at, f.sha256, count(p.pid) AS processes
FROM files AS f
LEFT JOIN processes AS p ON p.capture_id = f.capture_id AND p.executable = f.path
WHERE f.change = 'present' AND f.type = 'file' AND bitwise_and(f.mode, 73) > 0
GROUP BY f.captured_at, f.capture_id, f.cluster, f.namespace, f.pod, f.container, f.image, f.path, f.origin, f.mode_text, f.uid, f.size, f.modified_at, f.sha256
ORDER BY processes DESC, f.captured_at NULLS LAST, f.capture_id, f.path
