/** What files of a node say about checkpoints. `undefined`: the files say nothing of it, and the program's default holds. */
export interface CheckpointConfiguration {
  /** CRIU may dump and restore established TCP connections. */
  readonly tcpEstablished: boolean;
  /** File that says so; undefined where none does. */
  readonly tcpEstablishedFile: string | undefined;
  /** `enable_criu` of containerd, `enable_criu_support` of CRI-O. */
  readonly runtimeAllows: boolean | undefined;
}

/** A file of a folder of configuration. */
export interface ConfigurationFile {
  readonly name: string;
  readonly text: string;
}

/** Files of /etc/criu that OCI runtimes hand to CRIU: runc the first, crun the second. */
export const criuConfigurationFiles = ['runc.conf', 'crun.conf'] as const;

/** Reads the files of /etc/criu, and those of the runtime's folder. */
export function readConfiguration(criu: readonly ConfigurationFile[], runtime: readonly ConfigurationFile[]): CheckpointConfiguration {
  const files = criu.filter(({ name }) => criuConfigurationFiles.some((each) => each === name));
  const found = files.find(({ text }) => criuOptions(text).has('tcp-established'));
  return { tcpEstablished: found !== undefined, tcpEstablishedFile: found?.name, runtimeAllows: runtimeAllows(runtime) };
}

/** Options that a configuration file of CRIU gives: one a line, without dashes, with or without a value; `#` begins a comment (criu(8)). */
export function criuOptions(text: string): ReadonlySet<string> {
  const words = text.split('\n').map((line) => line.split('#')[0]?.trim().split(/[\s=]+/)[0]?.replace(/^--/, ''));
  return new Set(words.filter((word): word is string => word !== undefined && word !== ''));
}

/** The last of the files that says so counts, as both runtimes read their drop-ins in the order of names. */
function runtimeAllows(files: readonly ConfigurationFile[]): boolean | undefined {
  const said = files.flatMap(({ text }) => [...text.matchAll(/^[ \t]*enable_criu(?:_support)?[ \t]*=[ \t]*(true|false)\b/gm)].map(([, value]) => value === 'true'));
  return said.at(-1);
}

/** `ContainerCheckpoint` of the feature gates in a kubelet's configuration, as YAML or JSON; undefined where it is not named. */
export function checkpointGate(configuration: string): boolean | undefined {
  const [, value] = /["']?ContainerCheckpoint["']?[ \t]*:[ \t]*["']?(true|false)\b/.exec(configuration.replaceAll(/^[ \t]*#.*$/gm, '')) ?? [];
  return value === undefined ? undefined : value === 'true';
}
