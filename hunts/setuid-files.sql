-- title: New setuid and setgid files
-- question: Which files that a container added run with the rights of their owner or group?
-- technique: T1548.001
-- example: icecore hunt setuid-files
SELECT captured_at, capture_id, cluster, namespace, pod, container, path, origin, mode_text, uid, gid, size, modified_at, sha256, extended_attributes
FROM files
WHERE change <> 'deleted' AND type = 'file' AND (bitwise_and(mode, 3072) > 0 OR strpos(coalesce(extended_attributes, ''), 'security.capability') > 0)
ORDER BY captured_at NULLS LAST, capture_id, path
