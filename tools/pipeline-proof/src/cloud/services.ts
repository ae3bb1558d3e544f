import { createECDH, createHash, createHmac, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';

/** Order of the group of P-256 (SEC 2, section 2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** An execution that was asked for. */
export interface StartedExecution {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: string;
}

/** KMS, SQS and Step Functions as far as the functions ask them, in their JSON protocols, which no server here speaks. */
export interface Services extends AsyncDisposable {
  readonly endpoint: string;
  readonly signingKey: { readonly keyId: string; readonly publicKey: string };
  readonly messages: readonly string[];
  readonly executions: readonly StartedExecution[];
  /** Bytes of the MAC that KMS makes of a text. */
  mac(text: string): Uint8Array;
  /** Lets the next requests of an operation fail with 503. */
  failNext(operation: string, times: number): void;
}

const request = z.object({ KeyId: z.string().optional(), Message: z.string().optional(), MessageBody: z.string().optional(), stateMachineArn: z.string().optional(), name: z.string().optional(), input: z.string().optional() });
type Request = z.infer<typeof request>;

export async function startServices(): Promise<Services> {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  const publicKey = publicKeyOf(pair.getPublicKey());
  const keyId = 'arn:aws:kms:us-east-1:111111111111:key/signing';
  const secret = randomBytes(32);
  const mac = (message: Uint8Array): Uint8Array => createHmac('sha256', secret).update(message).digest();
  const messages: string[] = [];
  const executions: StartedExecution[] = [];
  const failing = new Map<string, number>();
  const operations: Readonly<Record<string, (asked: Request) => [status: number, answer: object]>> = {
    GetPublicKey: () => [200, { KeyId: keyId, PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }],
    Sign: ({ Message = '' }) => [200, { KeyId: keyId, Signature: signDigest(pair.getPrivateKey(), Buffer.from(Message, 'base64')).toString('base64') }],
    GenerateMac: ({ Message = '' }) => [200, { Mac: Buffer.from(mac(Buffer.from(Message, 'base64'))).toString('base64') }],
    SendMessage: ({ MessageBody = '' }) => {
      messages.push(MessageBody);
      return [200, { MessageId: `m${messages.length}`, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') }];
    },
    StartExecution: ({ stateMachineArn = '', name = '', input = '' }) => {
      if (executions.some((each) => each.name === name)) return [400, { __type: 'com.amazonaws.swf.service.v2.model#ExecutionAlreadyExists', message: 'Execution Already Exists' }];
      executions.push({ stateMachineArn, name, input });
      return [200, { executionArn: `${stateMachineArn}:${name}`, startDate: 1_764_000_000 }];
    },
  };
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const operation = String(incoming.headers['x-amz-target']).split('.').at(-1) ?? '';
    const [status, answer] = take(failing, operation) ? [503, { __type: 'ServiceUnavailable' }] : (operations[operation]?.(request.parse(JSON.parse(Buffer.concat(chunks).toString()))) ?? [400, { __type: 'UnknownOperation' }]);
    response.writeHead(status, { 'content-type': String(incoming.headers['content-type']) }).end(JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    signingKey: { keyId, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    messages,
    executions,
    mac: (text) => mac(Buffer.from(text)),
    failNext: (operation, times) => void failing.set(operation, times),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function take(failing: Map<string, number>, operation: string): boolean {
  const left = failing.get(operation) ?? 0;
  failing.set(operation, Math.max(0, left - 1));
  return left > 0;
}

/** The prefix of a key of P-256 in SPKI, before its uncompressed point (RFC 5480). */
const spkiPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

function publicKeyOf(point: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiPrefix, point]), format: 'der', type: 'spki' });
}

/** ECDSA over a digest that was made elsewhere, as KMS does it and `node:crypto` does not (SEC 1, section 4.1.3). In DER. */
function signDigest(privateKey: Buffer, digest: Buffer): Buffer {
  const [secret, hash] = [big(privateKey), big(digest)];
  const once = createECDH('prime256v1');
  once.generateKeys();
  const r = big(once.getPublicKey().subarray(1, 33)) % order;
  const s = (power(big(once.getPrivateKey()), order - 2n) * (hash + r * secret)) % order;
  const parts = Buffer.concat([r, s].map(derInteger));
  return Buffer.concat([Buffer.from([0x30, parts.length]), parts]);
}

function big(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base % order];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % order;
    square = (square * square) % order;
  }
  return result;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const signed = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, signed.length]), signed]);
}
