import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageOfBytes } from './image.test-support.ts';
import { dockerCredentials, parseReference, pushImage } from './index.ts';
import { breakingProxy, type RegistryServer, startRegistry, whyNoRegistry } from './registry-server.test-support.ts';

const reason = whyNoRegistry();
const anonymous = () => undefined;
const MiB = 2 ** 20;
/** `case:sesame`, by bcrypt with a cost of 4. */
const htpasswd = 'case:$2b$04$wu87t7pN.Dh3DqcOb2R1I.899Zyi9bzC1UBP1ZICmUOfEuH7tdgcy';

if (reason !== undefined) {
  describe('a real registry', () => {
    it.todo(`is not asked here: ${reason}`);
  });
} else {
  describe('a real registry', () => {
    let registry: RegistryServer;
    beforeAll(async () => {
      registry = await startRegistry();
    });
    afterAll(async () => registry.stop());

    const pulled = async (path: string, accept: string): Promise<Buffer> => {
      const response = await fetch(`http://127.0.0.1:${registry.port}/v2/${path}`, { headers: { accept } });
      expect(response.status).toBe(200);
      return Buffer.from(await response.arrayBuffer());
    };
    const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

    it('gives back what was pushed, by the same digests', async () => {
      const image = imageOfBytes(3 * MiB + 17);
      const pushed = await pushImage(image, parseReference(`127.0.0.1:${registry.port}/cases/one:t`), { credentials: anonymous, chunkBytes: MiB });
      expect(pushed).toEqual({ digest: image.index.descriptor.digest, existed: 0, resumed: 0, restarted: 0 });
      expect(sha256(await pulled('cases/one/manifests/t', image.index.descriptor.mediaType))).toBe(image.index.descriptor.digest);
      expect(sha256(await pulled(`cases/one/blobs/${image.layer.descriptor.digest}`, '*/*'))).toBe(image.layer.descriptor.digest);
    });

    it('is not sent what it has', async () => {
      const image = imageOfBytes(1000);
      const reference = parseReference(`127.0.0.1:${registry.port}/cases/twice`);
      await pushImage(image, reference, { credentials: anonymous });
      expect(await pushImage(image, reference, { credentials: anonymous })).toMatchObject({ existed: 2, digest: image.index.descriptor.digest });
    });

    const broken = [
      // Debian's registry drops an upload of which it has a part of a piece, and says so when it is asked: then it begins anew.
      ['in the middle of the layer, three times', [{ afterBytes: 2.5 * MiB }, { afterBytes: 6.3 * MiB }, { afterBytes: 11 * MiB }], {}],
      ['between two pieces of the layer, twice', [{ beforePatch: 3 }, { beforePatch: 5 }], { resumed: 2, restarted: 0 }],
    ] as const;
    for (const [where, breaks, expected] of broken) {
      it(`gets the whole layer where the connection breaks ${where}`, async () => {
        const image = imageOfBytes(12 * MiB);
        const proxy = await breakingProxy(registry.port, breaks);
        try {
          const pushed = await pushImage(image, parseReference(`127.0.0.1:${proxy.port}/cases/broken:1`), { credentials: anonymous, chunkBytes: 2 * MiB });
          expect(proxy.broken).toBe(breaks.length);
          expect(pushed).toMatchObject({ digest: image.index.descriptor.digest, ...expected });
          expect(pushed.resumed + pushed.restarted).toBeGreaterThanOrEqual(breaks.length);
          expect(sha256(await pulled(`cases/broken/blobs/${image.layer.descriptor.digest}`, '*/*'))).toBe(image.layer.descriptor.digest);
        } finally {
          await proxy.stop();
        }
      });
    }

    it('lets skopeo see the same image, where skopeo is', async () => {
      if (spawnSync('skopeo', ['--version'], { stdio: 'ignore' }).status !== 0) return;
      const image = imageOfBytes(5000);
      await pushImage(image, parseReference(`127.0.0.1:${registry.port}/cases/skopeo:1`), { credentials: anonymous });
      const run = spawnSync('skopeo', ['inspect', '--tls-verify=false', `docker://127.0.0.1:${registry.port}/cases/skopeo:1`], { encoding: 'utf8' });
      expect(JSON.parse(run.stdout)).toMatchObject({ Digest: image.index.descriptor.digest, Layers: [image.layer.descriptor.digest] });
    });
  });

  describe('a real registry that asks who it is', () => {
    it('takes an image for the credentials of docker’s file, and for no others', async () => {
      const registry = await startRegistry({ htpasswd });
      const folder = mkdtempSync(join(tmpdir(), 'icecore-auth-'));
      const host = `127.0.0.1:${registry.port}`;
      const file = (pair: string): string => {
        const path = join(folder, `${Buffer.from(pair).toString('hex')}.json`);
        writeFileSync(path, JSON.stringify({ auths: { [host]: { auth: Buffer.from(pair).toString('base64') } } }));
        return path;
      };
      try {
        const image = imageOfBytes(100_000);
        const reference = parseReference(`${host}/cases/locked:1`);
        expect(await pushImage(image, reference, { credentials: dockerCredentials(file('case:sesame')) })).toMatchObject({ digest: image.index.descriptor.digest });
        await expect(pushImage(image, reference, { credentials: dockerCredentials(file('case:guess')) })).rejects.toMatchObject({ code: 'refused' });
        await expect(pushImage(image, reference, { credentials: anonymous })).rejects.toMatchObject({ code: 'refused' });
      } finally {
        await registry.stop();
        rmSync(folder, { recursive: true });
      }
    });
  });
}
