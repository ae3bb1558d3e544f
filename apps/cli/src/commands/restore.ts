import { command, UsageError } from '../command.ts';
import { evidenceOptions } from '../evidence.ts';
import { tellPlan } from '../restore/plan.ts';
import { liveInSandbox, writeManifests } from '../restore/sandbox.ts';

/** `icecore restore`: what a restore needs, and a copy brought back to life where it can do no harm. */
export const restore = command({
  name: 'restore',
  summary: 'Plan a restore: does it fit a machine. Or bring a copy back to life in a sandbox, and see what it does.',
  arguments: 'plan|sandbox ARCHIVE',
  count: [2, 2],
  options: {
    target: { type: 'string', value: 'FILE', summary: 'plan: the machine, as a row of icecore doctor --json or as docs/restore.md says' },
    here: { type: 'boolean', summary: 'plan: this machine' },
    manifests: { type: 'boolean', summary: 'sandbox: write the manifests of an isolated namespace and the pod that restores' },
    local: { type: 'boolean', summary: 'sandbox: restore with podman in a network namespace that leads nowhere, capture again, and tell the difference' },
    image: { type: 'string', value: 'REF', summary: 'with --manifests: the image of the archive, by digest' },
    namespace: { type: 'string', value: 'NAME', summary: 'with --manifests (default icecore-sandbox)' },
    node: { type: 'string', value: 'NAME', summary: 'with --manifests: the node to restore on' },
    'runtime-class': { type: 'string', value: 'NAME', summary: 'with --manifests: a runtime class with a stronger border' },
    sinkhole: { type: 'string', value: 'CIDR', summary: 'with --manifests: where traffic may go; without it nowhere' },
    seconds: { type: 'string', value: 'N', summary: 'with --local: how long the copy lives (default 5)' },
    output: { type: 'string', short: 'o', value: 'FOLDER', summary: 'with --local: where the second capture goes (default ARCHIVE.sandbox); must not exist' },
    json: { type: 'boolean', summary: 'as JSON' },
    ...evidenceOptions,
  },
  examples: [
    ['icecore restore plan capture.tar --target node.json', 'exit code 1 where it does not fit, with the reason'],
    ['icecore restore sandbox capture.tar.zst --local', 'what did it do when it woke; needs podman and root'],
    ['icecore restore sandbox capture.tar --manifests --image registry.example/c@sha256:…', 'for kubectl apply -f -'],
  ],
  async run({ arguments: [word = '', path = ''], options, terminal }) {
    if (word === 'plan') return tellPlan(path, { target: options.target, here: options.here === true, parents: options.parent, json: options.json === true }, terminal);
    if (word === 'sandbox') {
      if ((options.manifests === true) === (options.local === true)) throw new UsageError('sandbox needs --manifests or --local');
      if (options.manifests === true) return writeManifests(path, { image: options.image, namespace: options.namespace, node: options.node, runtimeClass: options['runtime-class'], sinkhole: options.sinkhole }, terminal);
      return liveInSandbox(path, { seconds: secondsOf(options.seconds), output: options.output, json: options.json === true }, terminal);
    }
    throw new UsageError(`knows plan and sandbox, not ${word}`);
  },
});

function secondsOf(text: string | undefined): number {
  const seconds = Number(text ?? '5');
  if (!Number.isFinite(seconds) || seconds < 0 || seconds > 86_400) throw new UsageError(`--seconds ${text} is no number of seconds up to a day`);
  return seconds;
}
