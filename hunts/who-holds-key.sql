-- title: Who else holds this key
-- question: Which processes and files of which captures hold the secret with this HMAC?
-- technique: T1552
-- parameter: hmac text: HMAC of the secret, as the secrets table and findings show it; its beginning is enough
-- example: icecore hunt who-holds-key --param hmac=9d8e1f0c3b5a47e2
SELECT captured_at, capture_id, cluster, namespace, pod, container, rule, secret_type, masked, principal, validity, found_in, subject, pid, count(*) AS places
FROM secrets
WHERE starts_with(secret_hmac, lower(:hmac))
GROUP BY captured_at, capture_id, cluster, namespace, pod, container, rule, secret_type, masked, principal, validity, found_in, subject, pid
ORDER BY captured_at NULLS LAST, capture_id, rule, found_in, subject NULLS LAST, pid NULLS LAST
