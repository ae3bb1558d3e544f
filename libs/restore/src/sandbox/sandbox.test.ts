import { readFile } from 'node:fs/promises';
import { memorySpool } from '@icecore/archive';
import { memorySource, readAll } from '@icecore/bytes';
import { parseAllDocuments } from 'yaml';
import { opened, type SampleName, sampleUrl } from '../samples.test-support.ts';
import { isolatedCopy, manifestsText, type SandboxChoice, sandboxManifests } from '../index.ts';

const source = async (name: SampleName) => memorySource(await readFile(sampleUrl(name)));

describe('a copy for the sandbox', () => {
  it('is the archive without networks: nothing else of it is another', async () => {
    const copy = await isolatedCopy(await source('podman'), memorySpool());
    const pieces: Uint8Array[] = [];
    for await (const piece of copy.pieces()) pieces.push(piece);
    const [before, after] = [await opened(await source('podman')), await opened(memorySource(Buffer.concat(pieces)))];
    expect(after.archive).toMatchObject({ compression: 'zstd', gaps: [] });
    expect([...after.archive.entries.keys()]).toEqual([...before.archive.entries.keys()]);
    for (const [path, entry] of before.archive.entries) {
      const content = Buffer.from(await readAll(after.archive.entries.get(path)!.source));
      if (path !== 'config.dump') expect(content.equals(await readAll(entry.source))).toBe(true);
      else expect(Object.keys(JSON.parse(content.toString('utf8'))).filter((name) => /^(?:newN|n)etworks$|portMappings/i.test(name))).toEqual([]);
    }
  });

  it.each([
    ['crio', /podman restores its own archives alone/],
    ['containerd', /podman restores its own archives alone/],
  ] as const)('is refused for an archive of %s', async (name, reason) => {
    await expect(isolatedCopy(await source(name), memorySpool())).rejects.toThrow(reason);
  });
});

describe('the manifests of a sandbox', () => {
  const choice: SandboxChoice = { namespace: 'case-17', image: `r.example/c@sha256:${'a'.repeat(64)}`, container: 'web', mounts: ['/data'], memoryBytes: 100 << 20, node: 'node-1', runtimeClass: undefined, sinkhole: undefined };
  const documents = (more: Partial<SandboxChoice> = {}): Map<string, Record<string, never>> => new Map(parseAllDocuments(manifestsText(sandboxManifests({ ...choice, ...more }))).map((each) => [each.toJS().kind, each.toJS()]));

  it('leave no way out and no credential in reach', () => {
    const all = documents();
    expect([...all.keys()]).toEqual(['Namespace', 'NetworkPolicy', 'ServiceAccount', 'ResourceQuota', 'LimitRange', 'Pod']);
    expect(all.get('NetworkPolicy')).toMatchObject({ spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [] } });
    expect(all.get('ServiceAccount')).toMatchObject({ automountServiceAccountToken: false });
    expect(all.get('ResourceQuota')).toMatchObject({ spec: { hard: { secrets: '0', pods: '1' } } });
    expect(all.get('Pod')).toMatchObject({ spec: { automountServiceAccountToken: false, hostNetwork: false, hostPID: false, enableServiceLinks: false, nodeName: 'node-1', containers: [{ name: 'web', image: choice.image, volumeMounts: [{ mountPath: '/data' }] }] } });
    expect(JSON.stringify([...all.values()])).not.toMatch(/hostPath|"secret"|projected/);
  });

  it('let traffic go to the sinkhole alone, and take the runtime class that is asked for', () => {
    const all = documents({ sinkhole: '10.9.9.9/32', runtimeClass: 'gvisor' });
    expect(all.get('NetworkPolicy')).toMatchObject({ spec: { ingress: [], egress: [{ to: [{ ipBlock: { cidr: '10.9.9.9/32' } }] }] } });
    expect(all.get('Pod')).toMatchObject({ spec: { runtimeClassName: 'gvisor' } });
  });
});
