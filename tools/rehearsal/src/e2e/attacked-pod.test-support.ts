import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Container, type Lab, startLab } from '@icecore/lab';
import { s3VaultFromUrl } from '@icecore/aws';
import { labCheckpointer, type Rehearsal, type RehearsalVault, type RoleProcess, startRehearsal } from '../index.ts';
import { capturingPolicy } from '../samples.test-support.ts';

/** Address of the attacker, on a network inside the lab that leads nowhere. */
export const attacker = { address: '10.99.0.9', port: 4444 } as const;

/** A pod of two containers in a lab, one of them attacked, in a cluster that is played around it. */
export interface AttackedPod {
  readonly lab: Lab;
  readonly rehearsal: Rehearsal;
  readonly api: Container;
  readonly proxy: Container;
  /** Microseconds that each checkpoint froze its container, as CRIU counts. */
  readonly frozen: number[];
  /** Starts the node's role so that it sees the node as its pod in a cluster does: `/proc`, cgroups, and the engine's storage. */
  startNode(): RoleProcess;
  stop(): Promise<void>;
}

export async function startAttackedPod({ tcpEstablished = true }: { readonly tcpEstablished?: boolean } = {}): Promise<AttackedPod> {
  const lab = await startLab();
  try {
    const network = ['--network=lab'];
    await lab.runContainer({ name: 'attacker', command: ['python3', '/srv/lab/listen.py', String(attacker.port)], options: [...network, `--ip=${attacker.address}`] });
    const api = await lab.runContainer({ name: 'shop-api', command: ['bash', '/srv/lab/attacked.sh', attacker.address, String(attacker.port)], options: network, ready: /^attack in place/m });
    const proxy = await lab.runContainer({ name: 'shop-proxy', command: ['python3', '/srv/lab/counter.py'], ready: /^count 1 /m });
    const containers = new Map([['api', api], ['proxy', proxy]]);
    const frozen: number[] = [];
    const rehearsal = await startRehearsal({
      policy: capturingPolicy(),
      cluster: 'lab',
      ...s3(),
      checkpointer: labCheckpointer(lab, { container: ({ container }) => containers.get(container), tcpEstablished, onTaken: (_name, microseconds) => frozen.push(microseconds ?? 0) }),
      log: (_namespace, _pod, container) => containers.get(container)?.log(),
    });
    rehearsal.addPod({ namespace: 'shop', name: 'api-7c9d8f6b5-x2x9q', containers: ['api', 'proxy'], deployment: 'api', containerIds: { api: api.id, proxy: proxy.id } });
    return {
      lab, rehearsal, api, proxy, frozen,
      startNode() {
        const host = join(rehearsal.folder, 'host');
        for (const name of ['proc', 'sys', 'var']) mkdirSync(join(host, name), { recursive: true });
        const mounts = `mount --rbind /proc ${host}/proc && mount --rbind /sys ${host}/sys && mount --bind ${lab.folders.root}/var ${host}/var && exec "$@"`;
        return rehearsal.start('node', { ICECORE_HOST_ROOT: host, ICECORE_CHECKPOINT_SECONDS: '60' }, ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mounts, 'sh']);
      },
      async stop() {
        await rehearsal.stop();
        await lab.stop();
      },
    };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

/** The S3 server as the vault, where it runs; else a folder. */
function s3(): { vault?: RehearsalVault } {
  if (process.env['ICECORE_S3_ENDPOINT'] === undefined) return {};
  const place = `s3://evidence/e2e-${randomBytes(4).toString('hex')}`;
  const names = ['AWS_ENDPOINT_URL_S3', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const env = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
  return { vault: { place, env, opened: s3VaultFromUrl(place, env) } };
}
