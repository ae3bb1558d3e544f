/**
 * Words that detectors look for in memory and files, by list. A word is found as it is spelt here; what stands around it
 * comes with the hit. Words are chosen to say something by themselves: `nc` does not, `nc -e` does.
 */
export const keywordLists: Readonly<Record<string, readonly string[]>> = {
  miner: ['stratum+tcp://', 'stratum+ssl://', 'stratum2+tcp://', 'xmrig', 'donate-level', '"algo": "rx/', '"algo":"rx/', 'randomx', 'cryptonight', 'minexmr', 'supportxmr', 'nanopool.org', 'moneroocean', 'hashvault.pro', '2miners.com', 'nicehash', 'ethermine', 'kdevtmpfsi', 'kinsing', 'cpuminer', 'minerd', 'nbminer', 't-rex', 'lolMiner', 'phoenixminer', 'mining.subscribe', 'mining.authorize', 'mining.submit', '"seed_hash"'],
  tunnel: ['chisel client', 'chisel server', 'frpc.ini', 'frpc.toml', 'ligolo', 'cloudflared tunnel', 'ngrok', 'gost -L', 'socat TCP', 'socat tcp', 'ssh -R', 'ssh -L', 'ssh -D', 'rathole', 'bore local', 'revsocks', 'iodine', 'dnscat', 'dns2tcp', 'gs-netcat', 'gsocket', 'proxychains', 'sshuttle', 'tmate', 'meshagent'],
  cloud_metadata: ['169.254.169.254', '169.254.170.2', '169.254.170.23', 'fd00:ec2::254', 'latest/meta-data/iam', 'X-aws-ec2-metadata-token', 'metadata.google.internal', 'Metadata-Flavor: Google', '/metadata/identity/oauth2/token'],
  token_path: ['/var/run/secrets/kubernetes.io/serviceaccount/token', '/run/secrets/kubernetes.io/serviceaccount/token', '/var/run/secrets/eks.amazonaws.com/serviceaccount/token', 'system:serviceaccount:'],
  reverse_shell: ['bash -i >', 'sh -i >', '/dev/tcp/', '/dev/udp/', 'nc -e', 'ncat -e', 'nc -c', 'pty.spawn', 'os.dup2(', 'fsockopen(', 'exec 5<>', 'mkfifo /tmp/', 'rm /tmp/f;', 'socket.socket(socket.AF_INET', 'TCPSocket.new(', 'IO::Socket::INET', 'child_process").spawn(', "child_process').spawn(", 'openssl s_client -quiet -connect', 'meterpreter', '-e /bin/sh', '-e /bin/bash'],
  download: ['curl -fsSL ', 'curl -s http', 'curl -k ', 'wget -q ', 'wget http', '| sh', '|sh', '| bash', '|bash', 'chmod +x /', 'chmod 777 /'],
  encoded: ['base64 -d', 'base64 --decode', 'base64 -D', 'xxd -r', 'openssl enc -d', 'eval(base64', 'exec(base64', 'eval $(echo', 'python -c "import base64', "python3 -c 'import base64"],
  exfiltration: ['curl -F ', 'curl -T ', 'curl --upload-file', 'rclone copy', 'rclone sync', 'aws s3 cp ', 'gsutil cp ', 'mc cp ', 'transfer.sh', 'file.io', 'pastebin.com', 'webhook.site', 'requestbin', 'anonfiles', 'api.telegram.org/bot', 'discord.com/api/webhooks'],
  anti_forensics: ['unset HISTFILE', 'HISTFILE=/dev/null', 'HISTSIZE=0', 'HISTFILESIZE=0', 'HISTCONTROL=ignore', 'history -c', 'shred -u', 'wipe -f', 'rm -rf /var/log', 'kill -9 $(pidof', 'pkill -9 falco', 'killall -9', 'iptables -F', 'setenforce 0', 'auditctl -e 0', 'timestomp', 'touch -r '],
  container_escape: ['/release_agent', 'notify_on_release', '/core_pattern', 'nsenter -t 1', 'nsenter --target 1', '/var/run/docker.sock', '/run/containerd/containerd.sock', '/proc/1/root', 'fdisk -l', 'debugfs /dev', 'mount /dev/', 'unshare -r', 'docker run --privileged', '/proc/self/fd/7/', 'DirtyPipe', 'dirtycow', 'CVE-20', 'cdk evaluate', 'deepce', 'amicontained'],
  recon: ['linpeas', 'LinEnum', 'linux-exploit-suggester', 'pspy64', 'nmap -s', 'masscan', 'zmap -p', 'fscan', 'kubectl get secrets', 'kubectl auth can-i', 'find / -perm -4000', 'find / -perm -u=s', 'getcap -r /', 'cat /etc/shadow', 'peirates', 'kubeletctl', 'kube-hunter'],
  rootkit: ['libprocesshider', 'diamorphine', 'reptile_', 'suterusu', 'azazel', 'jynx', 'beurk', 'insmod ', 'modprobe -f', 'ld.so.preload', 'hide_proc', 'hook_syscall'],
  ransomware: ['files have been encrypted', 'YOUR FILES', 'HOW_TO_DECRYPT', 'README_FOR_DECRYPT', 'decrypt your files', 'HOW TO RESTORE'],
  persistence: ['/etc/cron.d/', 'crontab -', '/.ssh/authorized_keys', 'systemctl enable', '/etc/rc.local', '/etc/ld.so.preload', '/etc/profile.d/', '>> ~/.bashrc', 'useradd -o', 'usermod -aG', 'chmod u+s', 'chmod 4755'],
  agent: ['falco_rules', 'tracee.', 'tetragon', 'osquery', 'trivy', 'gitleaks', 'clamav', 'signature-base', 'volatility', 'yara-rule', 'rule_name:', 'sigma/rules'],
};

/** A word and the lists that it is in. */
export const keywords: ReadonlyMap<string, readonly string[]> = (() => {
  const lists = new Map<string, string[]>();
  for (const [list, words] of Object.entries(keywordLists)) for (const word of words) lists.set(word, [...(lists.get(word) ?? []), list]);
  return lists;
})();
