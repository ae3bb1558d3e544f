-- title: Commands that were entered
-- question: What was entered in which shell, by the history in its memory?
-- technique: T1552.003
-- parameter: word text = '': text that the command holds; empty for all
-- example: icecore hunt shell-history --param word=curl
SELECT captured_at, capture_id, cluster, namespace, pod, container, pid, entered_at, command
FROM shell_history
WHERE strpos(lower(command), lower(:word)) > 0 OR :word = ''
ORDER BY captured_at NULLS LAST, capture_id, pid, entered_at NULLS LAST, command
