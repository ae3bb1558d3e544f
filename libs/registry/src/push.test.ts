import { imageOfBytes } from './image.test-support.ts';
import { type Credential, parseReference, pushImage, type PushOptions } from './index.ts';
import { type Oddities, oddRegistry, type OddRegistry } from './odd-registry.test-support.ts';

const image = imageOfBytes(10_000);
const user: Credential = { kind: 'password', username: 'case', password: 'sesame' };

async function withRegistry<T>(oddities: Oddities, use: (registry: OddRegistry) => Promise<T>): Promise<T> {
  const registry = await oddRegistry(oddities);
  try {
    return await use(registry);
  } finally {
    await registry.stop();
  }
}

const push = (registry: OddRegistry, credential?: Credential, more: Partial<PushOptions> = {}) =>
  pushImage(image, parseReference(`${registry.host}/a/b:t`), { credentials: () => credential, chunkBytes: 3000, ...more });

describe('a push', () => {
  const survives: [string, Oddities, object][] = [
    ['connections that break when half of a piece is there: it goes on from that byte', { dropHalf: [2, 4] }, { resumed: 2, restarted: 0 }],
    ['a registry that forgets the upload: it begins anew', { forgetAfter: 2 }, { restarted: 1 }],
    ['a registry that is busy', { busy: 3 }, { resumed: 0, restarted: 0 }],
  ];
  for (const [what, oddities, expected] of survives) {
    it(`survives ${what}`, () =>
      withRegistry(oddities, async (registry) => {
        expect(await push(registry)).toMatchObject({ digest: image.index.descriptor.digest, ...expected });
        expect(registry.blobs.get(image.layer.descriptor.digest)).toHaveLength(10_000);
      }));
  }

  it('gets a token for its credentials, and shows these to the token server alone', () =>
    withRegistry({ bearer: { user: 'case', password: 'sesame' } }, async (registry) => {
      await push(registry, user);
      expect(registry.manifests.has('t')).toBe(true);
      const basic = registry.requests.filter((line) => line.includes('Basic'));
      expect(basic).not.toHaveLength(0);
      expect(basic.every((line) => line.startsWith('GET /token'))).toBe(true);
    }));

  it('is refused with the wrong password, and says so without it', () =>
    withRegistry({ bearer: { user: 'case', password: 'other' } }, async (registry) => {
      const error = await push(registry, user).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'refused' });
      expect(String(error)).not.toMatch(/sesame|c2VzYW1l/);
    }));

  it('shows nobody its password over a connection without TLS', () =>
    withRegistry({ bearer: { user: 'case', password: 'sesame', realm: 'http://auth.example/token' } }, async (registry) => {
      await expect(push(registry, user)).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('without TLS') });
    }));

  it('shows its token to the registry alone, also where that sends uploads elsewhere', () =>
    withRegistry({}, (elsewhere) =>
      withRegistry({ bearer: { user: 'case', password: 'sesame' }, uploadsAt: `http://${elsewhere.host}` }, async (registry) => {
        await push(registry, user).catch(() => undefined);
        expect(elsewhere.requests).not.toHaveLength(0);
        expect(elsewhere.requests.every((line) => line.endsWith(' -'))).toBe(true);
      }),
    ));

  it('sends no evidence to where a registry points without TLS', () =>
    withRegistry({ uploadsAt: 'http://collector.example' }, async (registry) => {
      await expect(push(registry)).rejects.toMatchObject({ code: 'refused' });
    }));

  it('tells of a registry that does not answer, and gives up', async () => {
    const registry = await oddRegistry();
    await registry.stop();
    await expect(push(registry, undefined, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
  });
});
