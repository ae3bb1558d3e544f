import { type Process, valuesOf } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { ancestorsOf, commandLineOf, isProgram, named, namesOf } from '../programs.ts';

const webRuntimes = new Set(['node', 'java', 'python', 'ruby', 'dotnet', 'php']);
/** What an entrypoint does before the server takes over is above the server, not below it. */
const harmless = /^(?:sh|bash|dash) -c (?:exec )?(?:sleep|cron|tail|logrotate|healthcheck|date|echo|true|cat|test|\[)\b/;

/** Servers that start no programs for their work. */
const selfContained = /^(?:nginx|openresty|caddy|traefik|haproxy|envoy|redis-server|valkey-server|memcached|mongod|mongos|mysqld|mariadbd|etcd)$/;
/** What a shell is told to do that no application does. */
const telling = /\b(?:curl|wget|nc|ncat|socat|whoami|id|uname|base64|mkfifo|nmap|python3? -c|perl -e)\b|\/dev\/tcp\/|\/tmp\/|chmod \+x|\/etc\/(?:passwd|shadow)/;

function isServer(process: Process): 'web' | 'database' | undefined {
  if (isProgram(process, 'database')) return 'database';
  if (isProgram(process, 'web_server') || namesOf(process).some((name) => ['gunicorn', 'uwsgi', 'uvicorn', 'php-fpm'].includes(name))) return 'web';
  return undefined;
}

function tool(process: Process): boolean {
  return isProgram(process, 'shell') || isProgram(process, 'relay') || isProgram(process, 'downloader') || isProgram(process, 'recon');
}

function make(id: string, signal: string, kind: 'web' | 'database', title: string, techniques: readonly string[], falsePositives: string) {
  return detector({
    id,
    signal,
    title,
    version: 1,
    techniques,
    severity: 'critical',
    category: 'attack',
    needs: [],
    falsePositives,
    *detect({ snapshot, processes }) {
      const listeners = new Set(snapshot.sockets.filter(({ state }) => state === 'LISTEN').map(({ fileId }) => fileId));
      const listens = ({ descriptors }: Process): boolean => descriptors.some(({ fileId }) => listeners.has(fileId));
      for (const process of snapshot.processes) {
        if (!tool(process) || harmless.test(valuesOf(process.arguments).join(' '))) continue;
        const parent = ancestorsOf(process, processes).find((ancestor) => !isProgram(ancestor, 'shell'));
        if (parent === undefined) continue;
        const known = isServer(parent) === kind;
        const runtime = kind === 'web' && listens(parent) && namesOf(parent).some((name) => webRuntimes.has(name));
        if (!known && !runtime) continue;
        // A worker that was there before the dump and itself listens is a part of the server.
        if (listens(process) && isProgram(process, 'interpreter')) continue;
        const odd = namesOf(parent).some((name) => selfContained.test(name)) || telling.test(commandLineOf(process));
        const interactive = valuesOf(process.arguments).includes('-i') || isProgram(process, 'relay') || isProgram(process, 'recon') || isProgram(process, 'downloader');
        yield {
          pid: process.pid,
          summary: `${named(process)} was started by ${named(parent)}, which serves ${kind === 'web' ? 'the web' : 'a database'}`,
          confidence: known && interactive ? 'high' : interactive || (known && odd) ? 'medium' : 'low',
          evidence: [{ what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` }, { what: 'parent', pid: parent.pid, value: commandLineOf(parent), image: 'pstree.img' }],
          facts: { parent: parent.comm },
          key: `child ${process.pid}`,
        };
      }
    },
  });
}

export const shellOfWebServer = make('shell-of-web-server', 'S23', 'web', 'Shell that a web server started', ['T1505.003', 'T1190'], 'applications that call commands for their work: image conversion, git, npm scripts');
export const shellOfDatabase = make('shell-of-database', 'S24', 'database', 'Shell that a database started', ['T1190'], 'archive and backup commands of PostgreSQL, background saves of Redis');
