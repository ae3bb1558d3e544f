/*
 * Fifty rules of the kinds that responders bring for Linux containers: miners, shells, backdoors, root kits, tunnels, tools of
 * attackers, and what they leave. Text, wide and without case, hex with wildcards, jumps and alternatives, expressions, counts,
 * headers. Written for the benchmark; none is meant to judge anything.
 */

rule Miner_XMRig {
  meta:
    family = "xmrig"
  strings:
    $name = "xmrig" nocase fullword
    $s1 = "--donate-level" ascii
    $s2 = "\"donate-over-proxy\":" ascii
    $s3 = "randomx_init_dataset" ascii
    $s4 = "huge-pages-jit" ascii
    $s5 = "nicehash" ascii wide
  condition:
    3 of them
}

rule Miner_Stratum {
  strings:
    $url = /stratum\+(tcp|ssl|tls):\/\/[a-z0-9.\-]{4,80}:[0-9]{2,5}/ nocase
    $subscribe = "\"method\":\"mining.subscribe\"" ascii
    $login = "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"login\"" ascii
    $submit = "\"method\":\"submit\",\"params\":" ascii
  condition:
    any of them
}

rule Miner_Pools {
  strings:
    $p1 = "supportxmr.com" ascii wide nocase
    $p2 = "minexmr.com" ascii wide nocase
    $p3 = "nanopool.org" ascii wide nocase
    $p4 = "moneroocean.stream" ascii wide nocase
    $p5 = "hashvault.pro" ascii wide nocase
    $p6 = "c3pool.com" ascii wide nocase
    $p7 = "2miners.com" ascii wide nocase
  condition:
    any of them
}

rule Miner_CryptoNight_Constants {
  strings:
    $keccak = { 01 00 00 00 00 00 00 00 82 80 00 00 00 00 00 00 8A 80 00 00 00 00 00 80 }
    $blake = { 22 09 B8 A1 C6 4B 70 19 ?? ?? ?? ?? D3 08 A3 85 }
    $algo = /cryptonight[-_\/](r|lite|heavy|pico|upx2)/ nocase
  condition:
    2 of them
}

rule Backdoor_Mirai {
  strings:
    $s1 = "/bin/busybox MIRAI" ascii
    $s2 = "MIRAI: applet not found" ascii
    $s3 = "/dev/misc/watchdog" ascii
    $s4 = "TSource Engine Query" ascii
    $s5 = "listening tun0" ascii
    $x = { 31 ( C0 | D2 | F6 ) 80 ?? 22 80 ?? 45 80 ?? 54 80 ?? 22 }
  condition:
    uint32(0) == 0x464c457f and 2 of them or all of ($s1, $s2)
}

rule Backdoor_Gafgyt {
  strings:
    $s1 = "PING" fullword ascii
    $s2 = "BUILD %s" ascii
    $s3 = "HOLD Flooding %s" ascii
    $s4 = "UDPFLOOD" ascii nocase
    $s5 = "JUNK Flooding %s" ascii
    $s6 = "REPORT %s:%s:%s" ascii
  condition:
    3 of ($s2, $s3, $s4, $s5, $s6) and #s1 > 1
}

rule Backdoor_Tsunami {
  strings:
    $s1 = "NOTICE %s :TSUNAMI" ascii
    $s2 = "NOTICE %s :Spoofs" ascii
    $s3 = "NOTICE %s :GET <http address>" ascii
    $s4 = "PRIVMSG %s :>bot +unknown" ascii
    $irc = /NICK [a-zA-Z0-9|\[\]]{3,16}\r?\nUSER /
  condition:
    2 of ($s*) or $irc
}

rule Backdoor_XorDDoS {
  strings:
    $s1 = "BB2FA36AAA9541F0" ascii
    $s2 = "md5=%s&nodekernel=%s" ascii
    $s3 = "/var/run/gcc.pid" ascii
    $s4 = "/lib/libudev4.so" ascii
    $xor = { 42 42 32 46 41 33 36 41 41 41 39 35 34 31 46 30 00 }
  condition:
    any of them
}

rule Backdoor_BPFDoor {
  strings:
    $mutex = "/var/run/haldrund.pid" ascii
    $magic = { C7 45 ?? 3D 73 74 6D ?? C7 45 ?? 6F 63 6B 65 }
    $args1 = "hald-addon-acpi: listening on acpi kernel interface" ascii
    $args2 = "/usr/libexec/postfix/master" fullword ascii
    $filter = { 28 00 00 00 0C 00 00 00 15 00 00 ( 18 | 19 | 1B ) DD 86 00 00 }
  condition:
    $mutex or $magic or ($filter and 1 of ($args*))
}

rule Backdoor_Rekoobe {
  strings:
    $s1 = "GETTERM=" ascii
    $s2 = "s:p:c::" fullword ascii
    $iv = { C7 ( 44 24 | 45 ) ?? 01 23 45 67 [2-6] C7 ( 44 24 | 45 ) ?? 89 AB CD EF }
    $hmac = { 36 36 36 36 36 36 36 36 [0-16] 5C 5C 5C 5C 5C 5C 5C 5C }
    $env = "HISTFILE=" ascii
  condition:
    $s1 and ($iv or $s2) or ($hmac and $env and $s2)
}

rule Backdoor_Winnti_Linux {
  strings:
    $s1 = "CNSocketMgr" ascii
    $s2 = "HIDE_THIS_SHELL=x" ascii
    $s3 = "/usr/sbin/dmidecode  | grep -i 'UUID' |cut -d' ' -f2 2>/dev/null" ascii
    $xor = { 0F B6 ( 00 | 02 | 14 ) [0-4] 83 F0 FE [0-8] 88 ( 02 | 10 ) }
  condition:
    any of them
}

rule Backdoor_Kinsing {
  strings:
    $s1 = "main.getMinerPid" ascii
    $s2 = "main.runTaskWithScan" ascii
    $s3 = "main.redisBrute" ascii
    $s4 = "kdevtmpfsi" ascii
    $s5 = "/var/tmp/kinsing" ascii
    $go = "github.com/markbates/pkger" ascii
  condition:
    2 of ($s*) or ($go and 1 of ($s*))
}

rule Backdoor_TeamTNT {
  strings:
    $s1 = "teamtnt" nocase ascii wide
    $s2 = "borg.wtf" ascii
    $s3 = "chimaera.cc" ascii nocase
    $s4 = "aws.amazonaws.com.tntaws" ascii
    $s5 = "HilfeSuche" ascii
    $b64 = "IyEvYmluL2Jhc2gKCnVuc2V0IEhJU1RGSUxF" ascii
  condition:
    any of them
}

rule Backdoor_Sliver {
  strings:
    $s1 = "github.com/bishopfox/sliver" ascii
    $s2 = "sliverpb." ascii
    $s3 = ".sliverpb" ascii
    $s4 = "RegisterReq" ascii fullword
    $p = { 48 8D 05 ?? ?? ?? ?? BB 0? 00 00 00 E8 ?? ?? ?? ?? 48 89 44 24 ?? 48 8D 15 }
  condition:
    2 of ($s*) and $p or #s2 > 10
}

rule Backdoor_Meterpreter {
  strings:
    $s1 = "mettle -U \"" ascii
    $s2 = "core_channel_open" ascii
    $s3 = "stdapi_sys_process_execute" ascii
    $s4 = "core_negotiate_tlv_encryption" ascii
    $stage = { 48 31 FF 6A 09 58 99 B6 10 48 89 D6 4D 31 C9 6A 22 41 5A }
  condition:
    $stage or 2 of ($s*)
}

rule Backdoor_CobaltStrike_Config {
  strings:
    $plain = { 00 01 00 01 00 02 ?? ?? 00 02 00 01 00 02 ?? ?? 00 03 00 02 00 04 }
    $xored = { 2E 2F 2E 2F 2E 2C ?? ?? 2E 2C 2E 2F 2E 2C ?? ?? 2E 2D 2E 2C 2E 2A }
    $pipe = "\\\\.\\pipe\\msagent_" ascii wide
    $sleep = "beacon.x64.dll" ascii wide nocase
  condition:
    any of them
}

rule Shell_Bash_Device {
  strings:
    $r1 = /bash\s+-i\s+(>&|&>)\s*\/dev\/(tcp|udp)\/[0-9a-z.\-]{4,60}\/[0-9]{2,5}/
    $r2 = /exec\s+[0-9]{1,3}<>\/dev\/tcp\//
    $r3 = /0<&[0-9]{1,3};\s*exec/
  condition:
    any of them
}

rule Shell_Python {
  strings:
    $s1 = "socket.socket(socket.AF_INET,socket.SOCK_STREAM)" ascii
    $s2 = "os.dup2(s.fileno()," ascii
    $s3 = "pty.spawn(" ascii
    $s4 = "subprocess.call([\"/bin/sh\",\"-i\"])" ascii
    $i = "import pty" ascii fullword
  condition:
    3 of them
}

rule Shell_Perl {
  strings:
    $s1 = "use Socket;" ascii
    $s2 = "open(STDIN,\">&S\")" ascii
    $s3 = "exec(\"/bin/sh -i\")" ascii
    $s4 = /socket\(S,\s?PF_INET,\s?SOCK_STREAM,\s?getprotobyname\(["']tcp["']\)\)/
  condition:
    2 of them
}

rule Shell_Netcat {
  strings:
    $r1 = /\b(nc|ncat|netcat)(\.traditional|\.openbsd)?\s+(-[a-z]+\s+)*-e\s+\/bin\/(ba|da)?sh/
    $r2 = "mkfifo /tmp/f;cat /tmp/f|" ascii nocase
    $r3 = "rm -f /tmp/f;mkfifo" ascii nocase
    $r4 = /socat\s+[a-z0-9:,.\-\/'" ]{0,80}exec:/ nocase
  condition:
    any of them
}

rule Shell_Web_PHP {
  strings:
    $e1 = /(eval|assert)\s*\(\s*(base64_decode|gzinflate|str_rot13)\s*\(/ nocase
    $e2 = /(system|passthru|shell_exec|popen)\s*\(\s*\$_(GET|POST|REQUEST|COOKIE)\s*\[/ nocase
    $n1 = "FilesMan" ascii
    $n2 = "b374k" ascii nocase
    $n3 = "c99shell" ascii nocase
    $n4 = "WSOsetcookie" ascii
  condition:
    any of them
}

rule Shell_Web_JSP {
  strings:
    $s1 = "Runtime.getRuntime().exec(request.getParameter(" ascii wide
    $s2 = "behinder" nocase ascii wide
    $s3 = "rebeyond" ascii
    $s4 = "godzilla" nocase fullword ascii wide
    $key = "e45e329feb5d925b" ascii wide
  condition:
    $s1 or $key or 2 of ($s2, $s3, $s4)
}

rule Shellcode_Linux_x64_Connect {
  strings:
    $socket = { 6A 29 58 99 6A 02 5F 6A 01 5E 0F 05 }
    $connect = { 48 97 48 B9 02 00 ?? ?? ?? ?? ?? ?? 51 48 89 E6 6A 10 5A 6A 2A 58 0F 05 }
    $dup2 = { 6A 03 5E 48 FF CE 6A 21 58 0F 05 75 F6 }
    $execve = { 6A 3B 58 99 48 BB 2F 62 69 6E 2F 73 68 00 }
  condition:
    2 of them
}

rule Shellcode_Linux_x86_Execve {
  strings:
    $a = { 31 C0 50 68 2F 2F 73 68 68 2F 62 69 6E 89 E3 }
    $b = { 68 2F 73 68 00 68 2F 62 69 6E 89 E3 }
    $c = { 6A 0B 58 99 52 66 68 2D 63 89 E7 68 2F 73 68 00 }
  condition:
    any of them
}

rule Shellcode_Decoder_Loop {
  strings:
    $fnstenv = { D9 ( EE | E1 | C9 | CF | EB ) D9 74 24 F4 5? [0-6] 31 C9 B1 }
    $callpop = { E8 FF FF FF FF C0 5? [4-12] 80 ?? ?? ( E2 | 75 ) }
    $sled = { 90 90 90 90 90 90 90 90 90 90 90 90 90 90 90 90 EB ?? 5? }
  condition:
    any of them
}

rule Loader_Memfd {
  strings:
    $s1 = "memfd_create" ascii fullword
    $s2 = "/proc/self/fd/%d" ascii
    $s3 = "fexecve" ascii fullword
    $s4 = "/memfd:" ascii
    $sys = { B8 3F 01 00 00 [0-12] 0F 05 }
  condition:
    ($sys or $s1) and ($s2 or $s3) and $s4
}

rule Loader_Ezuri {
  strings:
    $s1 = "main.runFromMemory" ascii
    $s2 = "main.aesDec" ascii
    $s3 = "stub/main.go" ascii
    $s4 = "/proc/self/fd/%d" ascii
  condition:
    2 of ($s1, $s2, $s3) or ($s3 and $s4)
}

rule Packer_UPX {
  strings:
    $m1 = "UPX!" ascii
    $m2 = "$Info: This file is packed with the UPX executable packer" ascii
    $m3 = "$Id: UPX" ascii
    $stub = { 50 E8 ?? ?? 00 00 EB 0E 5A 58 59 97 60 8A 54 24 20 E9 }
  condition:
    $m2 or $m3 or ($m1 and $stub)
}

rule RootKit_Preload {
  strings:
    $s1 = "/etc/ld.so.preload" ascii
    $s2 = "readdir64" ascii fullword
    $s3 = "HIDE_ME" ascii
    $s4 = "libprocesshider" ascii nocase
    $s5 = "azazel" ascii nocase fullword
    $s6 = "jynx" ascii nocase
    $s7 = "bedevil" ascii
  condition:
    ($s1 and $s2 and 1 of ($s3, $s4, $s5, $s6, $s7)) or $s4
}

rule RootKit_Diamorphine {
  strings:
    $s1 = "diamorphine" ascii nocase
    $s2 = "module_hide" ascii
    $s3 = "give_root" ascii
    $s4 = "hacked_getdents64" ascii
    $s5 = "get_syscall_table_bf" ascii
  condition:
    $s1 or 3 of them
}

rule RootKit_Reptile {
  strings:
    $s1 = "reptile_" ascii
    $s2 = "/reptile/reptile_cmd" ascii
    $s3 = "hide_proc" ascii fullword
    $s4 = "khook_" ascii
    $s5 = "parasite_loader" ascii
  condition:
    $s2 or 3 of them
}

rule RootKit_eBPF {
  strings:
    $s1 = "ebpfkit" ascii nocase
    $s2 = "TripleCross" ascii
    $s3 = "boopkit" ascii
    $s4 = "bpf_probe_write_user" ascii
    $s5 = "bpf_override_return" ascii
  condition:
    any of ($s1, $s2, $s3) or ($s4 and $s5)
}

rule Escape_Release_Agent {
  strings:
    $s1 = "release_agent" ascii fullword
    $s2 = "notify_on_release" ascii fullword
    $s3 = "cgroup.procs" ascii
    $s4 = /mount\s+-t\s+cgroup\s+-o\s+(rdma|memory|devices)/
    $s5 = "sed -n 's/.*\\perdir=\\([^,]*\\).*/\\1/p' /etc/mtab" ascii
  condition:
    $s4 or $s5 or ($s1 and $s2 and $s3)
}

rule Escape_Engine_Socket {
  strings:
    $s1 = "/var/run/docker.sock" ascii
    $s2 = "/run/containerd/containerd.sock" ascii
    $r1 = /curl\s+[^\n]{0,60}--unix-socket\s+\/(var\/)?run\/docker\.sock/
    $r2 = /docker\s+run\s+[^\n]{0,120}-v\s+\/:\/(host|mnt|rootfs)/
    $j = "\"Binds\":[\"/:/" ascii
  condition:
    $r1 or $r2 or ($j and 1 of ($s*))
}

rule Escape_RunC_2019_5736 {
  strings:
    $s1 = "#!/proc/self/exe" ascii
    $s2 = "/proc/self/fd/%d" ascii
    $s3 = "docker-runc" ascii
    $s4 = "[+] Overwritten /bin/sh successfully" ascii
  condition:
    $s4 or all of ($s1, $s2, $s3)
}

rule Exploit_DirtyPipe {
  strings:
    $s1 = "PIPE_BUF_FLAG_CAN_MERGE" ascii
    $s2 = "splice failed" ascii
    $s3 = "short splice" ascii
    $elf = { 7F 45 4C 46 02 01 01 00 00 00 00 00 00 00 00 00 02 00 3E 00 01 00 00 00 78 00 40 00 00 00 00 00 40 }
  condition:
    $s1 or ($s2 and $s3) or $elf
}

rule Exploit_PwnKit {
  strings:
    $s1 = "GCONV_PATH=." ascii
    $s2 = "CHARSET=PWNKIT" ascii nocase
    $s3 = "pwnkit.so" ascii nocase
    $s4 = "module UTF-8// PWNKIT//" ascii
    $s5 = "/usr/bin/pkexec" ascii
  condition:
    ($s1 and $s5) or 2 of ($s2, $s3, $s4)
}

rule Exploit_Log4Shell {
  strings:
    $r1 = /\$\{(\$\{[^}]{0,20}\}|j|\$\{lower:j\})ndi:(ldap|ldaps|rmi|dns|iiop):\/\// nocase
    $s1 = "${jndi:ldap://" ascii wide nocase
    $s2 = "${${::-j}${::-n}${::-d}${::-i}" ascii
    $s3 = "marshalsec.jndi" ascii
  condition:
    any of them
}

rule Tool_Chisel {
  strings:
    $s1 = "github.com/jpillora/chisel" ascii
    $s2 = "chisel-v3" ascii
    $s3 = "chshare." ascii
    $s4 = "sec-websocket-protocol" ascii nocase
  condition:
    any of ($s1, $s2) or ($s3 and $s4)
}

rule Tool_Tunnels {
  strings:
    $s1 = "github.com/fatedier/frp" ascii
    $s2 = "ngrok.com/" ascii
    $s3 = "gsocket.io" ascii
    $s4 = "GS_ARGS=" ascii
    $s5 = "trycloudflare.com" ascii
    $s6 = "iodine" fullword ascii nocase
    $s7 = "dnscat2" ascii nocase
  condition:
    any of ($s1, $s3, $s4, $s5, $s7) or ($s2 and $s6)
}

rule Tool_Scanners {
  strings:
    $s1 = "masscan/1." ascii
    $s2 = "zgrab/0.x" ascii
    $s3 = "pnscan" fullword ascii
    $s4 = "--rate 100000" ascii
    $s5 = "Nmap Scripting Engine" ascii
  condition:
    any of them
}

rule Tool_Credential_Dumpers {
  strings:
    $s1 = "mimipenguin" nocase ascii
    $s2 = "LaZagne" ascii
    $s3 = "gnome-keyring-daemon" ascii
    $r = /_pammodutil_getpwnam_root_1\x00|gkr_system_authtok/
  condition:
    $s1 or $s2 or (#r > 1 and $s3)
}

rule Tool_Container_Kits {
  strings:
    $s1 = "cdk-team" ascii nocase
    $s2 = "peirates" ascii nocase
    $s3 = "deepce.sh" ascii
    $s4 = "amicontained" ascii
    $s5 = "botb-" ascii
    $s6 = "linpeas" ascii nocase
  condition:
    any of them
}

rule Theft_Cloud_Metadata {
  strings:
    $s1 = "169.254.169.254/latest/meta-data/iam/security-credentials" ascii wide
    $s2 = "169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" ascii
    $s3 = "metadata.google.internal/computeMetadata/v1/instance/service-accounts" ascii
    $r = /curl[^\n]{0,80}169\.254\.169\.254/
  condition:
    any of them
}

rule Theft_Kubernetes_Token {
  strings:
    $path = "/var/run/secrets/kubernetes.io/serviceaccount/token" ascii
    $r1 = /Authorization: Bearer eyJhbGciOi[A-Za-z0-9_\-]{20,}/
    $r2 = /kubectl\s+(auth\s+can-i|get\s+secrets|exec\s+-it)/
    $api = "/api/v1/namespaces/kube-system/secrets" ascii
  condition:
    ($path and ($r1 or $r2)) or $api
}

rule Theft_Key_Files {
  strings:
    $k1 = "-----BEGIN OPENSSH PRIVATE KEY-----" ascii
    $k2 = "-----BEGIN RSA PRIVATE KEY-----" ascii
    $k3 = "aws_secret_access_key" ascii nocase
    $f1 = "/.ssh/id_rsa" ascii
    $f2 = "/.aws/credentials" ascii
    $t = /tar\s+-?c?z?f\s+[^\n]{1,60}\.ssh/
  condition:
    $t or (1 of ($k*) and 1 of ($f*))
}

rule Persistence_Cron {
  strings:
    $r1 = /\*\/[0-9]{1,2} \* \* \* \* (root )?(curl|wget) -[a-zA-Z]+ /
    $r2 = /echo\s+["'][^\n]{5,160}["']\s*(>>?|\|)\s*(\/etc\/cron|crontab)/
    $r3 = /(curl|wget)[^\n|]{5,120}\|\s*(ba)?sh/
  condition:
    any of them
}

rule Evasion_Shell {
  strings:
    $s1 = "unset HISTFILE" ascii nocase
    $s2 = "history -c" ascii
    $s3 = "ufw disable" ascii
    $s4 = "iptables -F" ascii
    $s5 = "setenforce 0" ascii
    $s6 = "/usr/local/aegis" ascii
    $s7 = "pkill -f " ascii
  condition:
    3 of them
}

rule Ransom_Note {
  strings:
    $n1 = "your files have been encrypted" ascii wide nocase
    $n2 = "all of your files are encrypted" ascii wide nocase
    $n3 = "bitcoin wallet" ascii wide nocase
    $onion = /[a-z2-7]{56}\.onion/
    $ext = ".esxi_encrypted" ascii
  condition:
    ($onion and 1 of ($n*)) or 2 of ($n*) or $ext
}

rule Header_Program_In_Memory {
  strings:
    $interp = "/lib64/ld-linux-x86-64.so.2" ascii
    $go = "Go build ID: \"" ascii
    $rust = "/rustc/" ascii
  condition:
    uint32(0) == 0x464c457f and uint8(4) == 2 and any of them and filesize < 40MB
}
