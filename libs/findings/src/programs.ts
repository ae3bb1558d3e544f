import { type Process, valuesOf } from '@icecore/snapshot';

/** Programs by what they are for; names without folders and version numbers. */
const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'fish', 'csh', 'tcsh', 'rbash', 'busybox', 'toybox']);
const interpreters = new Set(['python', 'perl', 'ruby', 'php', 'node', 'lua', 'luajit', 'tclsh', 'awk', 'gawk', 'mawk', 'expect', 'java', 'deno', 'bun', 'php-cli']);
const relays = new Set(['nc', 'ncat', 'netcat', 'nc.openbsd', 'nc.traditional', 'socat', 'openssl', 'telnet', 'cryptcat', 'gs-netcat', 'sbd', 'pwncat', 'rlwrap', 'stunnel']);
const downloaders = new Set(['curl', 'wget', 'aria2c', 'fetch', 'ftp', 'tftp', 'lwp-download', 'axel']);
const webServers = new Set(['nginx', 'httpd', 'apache2', 'lighttpd', 'caddy', 'php-fpm', 'gunicorn', 'uwsgi', 'uvicorn', 'unicorn', 'puma', 'tomcat', 'catalina', 'jetty', 'dotnet', 'w3wp', 'traefik', 'haproxy', 'openresty']);
const databases = new Set(['postgres', 'mysqld', 'mariadbd', 'redis-server', 'valkey-server', 'mongod', 'mongos', 'memcached', 'elasticsearch', 'clickhouse', 'clickhouse-server', 'couchdb', 'beam.smp', 'cassandra', 'influxd', 'etcd', 'rabbitmq-server', 'neo4j', 'activemq']);
const reconTools = new Set(['id', 'whoami', 'uname', 'nmap', 'masscan', 'zmap', 'fscan', 'linpeas.sh', 'pspy', 'pspy64', 'ps', 'netstat', 'ss', 'ip', 'ifconfig', 'getcap', 'capsh', 'tcpdump', 'dig', 'nslookup']);

export type ProgramKind = 'shell' | 'interpreter' | 'relay' | 'downloader' | 'web_server' | 'database' | 'recon';
const kinds: Readonly<Record<ProgramKind, ReadonlySet<string>>> = { shell: shells, interpreter: interpreters, relay: relays, downloader: downloaders, web_server: webServers, database: databases, recon: reconTools };

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `python3.11`, `php8.2`, `bash-static` as the program that they are. */
export function plainProgramName(name: string): string {
  const base = baseName(name).replace(/^-/, '');
  return base.replace(/-(?:static|dbg)$/, '').replace(/-?\d+(?:\.\d+)*$/, '') || base;
}

/** Every name that a process goes by: its executable, what it was called as, and its comm. */
export function namesOf(process: Process): readonly string[] {
  const called = valuesOf(process.arguments)[0];
  const names = [process.executable?.name, called === undefined ? undefined : called.split(' ')[0], process.comm];
  return [...new Set(names.flatMap((name) => (name === undefined || name === '' ? [] : [plainProgramName(name)])))];
}

/** What a process runs, whatever it calls itself: its executable where that is known, else what it goes by. */
export function programOf(process: Process): string {
  return plainProgramName(process.executable?.name ?? valuesOf(process.arguments)[0] ?? process.comm);
}

/** A busybox or toybox is what it was called as: `nc`, `sh`. */
function appletOf(process: Process): string | undefined {
  const program = process.executable === undefined ? undefined : plainProgramName(process.executable.name);
  if (program !== 'busybox' && program !== 'toybox') return undefined;
  const [called = '', applet = ''] = valuesOf(process.arguments);
  const name = plainProgramName(called);
  return name === 'busybox' || name === 'toybox' ? plainProgramName(applet) : name;
}

/** True where the program itself is of a kind. What a process calls itself does not count where its executable is known. */
export function isProgram(process: Process, kind: ProgramKind): boolean {
  const applet = appletOf(process);
  if (applet !== undefined) return kinds[kind].has(applet);
  const executable = process.executable;
  if (executable !== undefined) return kinds[kind].has(plainProgramName(executable.name)) || kinds[kind].has(baseName(executable.name));
  return namesOf(process).some((name) => kinds[kind].has(name));
}

/** `sh (23)`. */
export function named({ comm, pid }: Process): string {
  return `${comm === '' ? 'a process without a name' : comm} (${pid})`;
}

export function commandLineOf(process: Process): string {
  return valuesOf(process.arguments).join(' ');
}

/** The processes above one, the nearest first. */
export function ancestorsOf(process: Process, processes: ReadonlyMap<number, Process>): readonly Process[] {
  const ancestors: Process[] = [];
  const seen = new Set([process.pid]);
  for (let parent = processes.get(process.ppid); parent !== undefined && !seen.has(parent.pid); parent = processes.get(parent.ppid)) {
    seen.add(parent.pid);
    ancestors.push(parent);
  }
  return ancestors;
}

/** Variables of a process by name; a later one of the same name does not count, as for getenv(3). */
export function environmentOf(process: Process): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const entry of valuesOf(process.environment)) {
    const equals = entry.indexOf('=');
    if (equals > 0 && !variables.has(entry.slice(0, equals))) variables.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return variables;
}
