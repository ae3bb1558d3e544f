import { kmsClientFor, kmsSecretKey, kmsSigner, s3ClientFor, s3LakeStore, s3Vault, sqsClientFor, sqsNotifier } from '@icecore/aws';
import { objectKeys, type Signer } from '@icecore/evidence';
import { folderSpool } from '@icecore/local';
import { badInput, environmentNames, evidencePort, type PipelinePorts, threadScanner, verifySliceBytes } from '@icecore/pipeline';
import { secretKey, type SecretKey } from '@icecore/secrets';
import { stepEnvironment } from './environment.ts';
import { tool } from './tool.ts';

/** What the steps need, out of the function's environment. Throws a `ZodError` that names each variable that is missing or wrong. */
export function portsOf(env: Readonly<Record<string, string | undefined>>): PipelinePorts {
  const {
    [environmentNames.vault]: vaultPlace,
    [environmentNames.lake]: lakePlace,
    [environmentNames.working]: workingPlace,
    [environmentNames.signingKey]: signingKey,
    [environmentNames.secretKey]: secretKeyId,
    [environmentNames.notifications]: queueUrl,
  } = stepEnvironment.parse(env);
  const [client, kms] = [s3ClientFor(env), kmsClientFor(env)];
  const vault = s3Vault({ client, ...vaultPlace });
  const keys = new Map<string, Promise<SecretKey>>();
  let signer: Promise<Signer> | undefined;
  return {
    evidence: evidencePort({
      async openSource(reference, parent) {
        if (reference.kind !== 'sealed') throw badInput(`${reference.archive}: only what is in the vault is analysed here`);
        return Object.assign(await vault.open(objectKeys.archive(parent ?? reference.capture)), { [Symbol.asyncDispose]: async () => undefined });
      },
      spool: folderSpool({ minFreeBytes: 64 * 2 ** 20 }),
    }),
    custody: { vault, signer: () => (signer ??= kmsSigner({ client: kms, keyId: signingKey })) },
    working: { store: s3LakeStore({ client, ...workingPlace }), bucket: workingPlace.bucket, prefix: workingPlace.prefix === '' ? '' : `${workingPlace.prefix}/` },
    lake: s3LakeStore({ client, ...lakePlace }),
    async secretKey(tenant) {
      const known = keys.get(tenant) ?? kmsSecretKey({ client: kms, keyId: secretKeyId }, tenant).then(secretKey);
      keys.set(tenant, known);
      return known.catch((error: unknown) => {
        keys.delete(tenant);
        throw error;
      });
    },
    scanner: threadScanner({}),
    notify: queueUrl === undefined ? async () => undefined : sqsNotifier({ client: sqsClientFor(env), queueUrl }),
    clock: () => new Date(),
    tool,
    verifySliceBytes,
  };
}
