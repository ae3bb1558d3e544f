import { z } from 'zod';

/**
 * What is known of the machine that a container is to be restored on. Everything may be unknown, and then the plan says so; an empty
 * list means that there are none.
 */
const machine = z.strictObject({
  name: z.string(),
  /** As images name it: `amd64`. */
  architecture: z.string().optional(),
  /** Flags of `/proc/cpuinfo`. */
  cpu_flags: z.array(z.string()).optional(),
  /** As `uname -r` says. */
  kernel: z.string().optional(),
  page_size: z.number().int().optional(),
  /** Version of CRIU; null where there is none. */
  criu: z.string().nullable().optional(),
  /** `containerd`, `cri-o` or `podman`. */
  engine: z.string().optional(),
  /** Low-level runtimes that are there: `runc`, `crun`. */
  runtimes: z.array(z.string()).optional(),
  cgroups: z.enum(['v1', 'v2']).optional(),
  /** Security modules that are on (`/sys/kernel/security/lsm`). */
  lsm: z.array(z.string()).optional(),
  apparmor_profiles: z.array(z.string()).optional(),
  /** Names, digests and ids of images that are there. */
  images: z.array(z.string()).optional(),
  /** Paths that were looked for: whether they are there. */
  paths: z.record(z.string(), z.boolean()).optional(),
  volumes: z.array(z.string()).optional(),
  /** Kinds of namespaces that the kernel has: `user`, `time`. */
  namespaces: z.array(z.string()).optional(),
  /** CRIU's configuration keeps TCP connections (`tcp-established`). */
  tcp_established: z.boolean().optional(),
  /** Addresses that the restored container could have. */
  addresses: z.array(z.string()).optional(),
  /** Most open files that a process can be allowed (`fs.nr_open`). */
  max_open_files: z.number().int().optional(),
  memory_available_bytes: z.number().int().optional(),
});
export type TargetMachine = z.infer<typeof machine>;

/** A row of `icecore doctor --json`: checks by name, each with what it saw. */
const doctorRow = z.object({ name: z.string(), checks: z.array(z.object({ check: z.string(), state: z.enum(['good', 'bad', 'unseen']), says: z.string() })) });

/** Reads a machine as this library describes it, or as a row of `icecore doctor --json`. Throws a `z.ZodError` for anything else. */
export function parseTarget(value: unknown): TargetMachine {
  const row = doctorRow.safeParse(value);
  return row.success ? targetOfDoctor(row.data) : machine.parse(value);
}

function targetOfDoctor({ name, checks }: z.infer<typeof doctorRow>): TargetMachine {
  const found = new Map(checks.map((each) => [each.check, each]));
  const criu = found.get('criu');
  const version = /\b(\d+\.\d+(?:\.\d+)*)\b/.exec(criu?.says ?? '')?.[1];
  const absent = criu?.state === 'bad' && /no criu|did not find/.test(criu.says);
  const engine = /^(containerd|cri-o|podman)\b/.exec(found.get('runtime')?.says ?? '')?.[1];
  const tcp = found.get('tcp-established')?.state;
  return {
    name,
    ...(absent ? { criu: null } : version === undefined ? {} : { criu: version }),
    ...(engine === undefined ? {} : { engine }),
    ...(tcp === 'good' ? { tcp_established: true } : tcp === 'bad' ? { tcp_established: false } : {}),
  };
}
