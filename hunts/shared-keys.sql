-- title: Keys in many places
-- question: Which secrets are held by several containers, and so must be replaced in all of them?
-- technique: T1552
-- parameter: least number = 2: fewest captures that must hold a secret
-- example: icecore hunt shared-keys --param least=2
SELECT rule, secret_type, masked, secret_hmac, hmac_key_id, min(validity) AS validity, min(principal) AS principal, count(DISTINCT capture_id) AS captures, count(DISTINCT coalesce(container_id, capture_id)) AS containers, count(*) AS places, min(captured_at) AS first_seen, max(captured_at) AS last_seen
FROM secrets
WHERE validity <> 'example' AND NOT rule_corpus
GROUP BY rule, secret_type, masked, secret_hmac, hmac_key_id
HAVING count(DISTINCT capture_id) >= :least
ORDER BY captures DESC, places DESC, rule, secret_hmac
