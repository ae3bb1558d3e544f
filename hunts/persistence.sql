-- title: Ways to come back
-- question: Which changed files start something by themselves: cron, units, profiles, keys, accounts?
-- technique: T1053.003
-- example: icecore hunt persistence
WITH places AS (
  SELECT *, CASE
    WHEN regexp_like(path, '^/etc/(cron|anacrontab)|^/var/spool/cron/') THEN 'cron'
    WHEN regexp_like(path, '^/(etc|lib|usr/lib)/systemd/|/[.]config/systemd/|^/etc/(init[.]d/|rc[.]local|inittab)') THEN 'service'
    WHEN regexp_like(path, '/[.]ssh/(authorized_keys|rc)|^/etc/ssh/sshd_config') THEN 'ssh'
    WHEN regexp_like(path, '^/etc/(profile|bash[.]bashrc|zsh)|/[.](bashrc|bash_profile|bash_login|profile|zshrc|zshenv)$') THEN 'shell start'
    WHEN regexp_like(path, '^/etc/ld[.]so[.](preload|conf)') THEN 'linker'
    WHEN regexp_like(path, '^/etc/(passwd|shadow|group|gshadow|sudoers)') THEN 'account'
    WHEN regexp_like(path, '^/etc/pam[.]d/|/security/pam_[^/]*[.]so$') THEN 'login'
    WHEN regexp_like(path, '/(sitecustomize|usercustomize)[.]py$|/site-packages/[^/]*[.]pth$') THEN 'python start'
  END AS kind
  FROM files
  WHERE change = 'present' AND type IN ('file', 'symlink', 'hardlink')
)
SELECT captured_at, capture_id, cluster, namespace, pod, container, kind, path, mode_text, uid, size, modified_at, sha256
FROM places
WHERE kind IS NOT NULL
ORDER BY captured_at NULLS LAST, capture_id, kind, path
