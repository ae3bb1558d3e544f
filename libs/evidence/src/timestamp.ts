import { randomBytes, webcrypto } from 'node:crypto';

/** An authority that says when a hash was there (RFC 3161). */
export interface TimestampAuthority {
  /** The whole response in DER for a SHA-256. Rejects where the authority refuses or does not answer. */
  stamp(sha256: Uint8Array): Promise<Uint8Array>;
}

/** What an authority said, once its signature, its certificate and the hash were checked. */
export type CheckedTimestamp = { readonly holds: true; readonly at: Date; readonly authority: string } | { readonly holds: false; readonly reason: string };

/** Largest response that is read, in bytes. */
export const maxTimestampBytes = 1 << 20;
const sha256Id = '2.16.840.1.101.3.4.2.1';
const extendedKeyUsageId = '2.5.29.37';
/** id-kp-timeStamping (RFC 3161, section 2.3). */
const timeStampingId = '1.3.6.1.5.5.7.3.8';

/** The request for a time stamp of a SHA-256, in DER; it asks for the authority's certificate too. */
export async function timestampRequest(sha256: Uint8Array): Promise<Uint8Array> {
  const { asn1js, pkijs } = await libraries();
  const nonce = randomBytes(8);
  // A first bit of 0 keeps the number positive in one DER form.
  nonce[0] = (nonce[0] ?? 0) & 0x3f | 0x40;
  const request = new pkijs.TimeStampReq({
    version: 1,
    messageImprint: new pkijs.MessageImprint({
      hashAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: sha256Id, algorithmParams: new asn1js.Null() }),
      hashedMessage: new asn1js.OctetString({ valueHex: exact(sha256) }),
    }),
    nonce: new asn1js.Integer({ valueHex: exact(nonce) }),
    certReq: true,
  });
  return new Uint8Array(request.toSchema().toBER(false));
}

/**
 * Checks a response offline: that it was granted, that it is about `data`, and that its signature leads to one of the
 * authorities' certificates, which must be for time stamps and valid at that time. The nonce is for whoever asks to compare.
 */
export async function checkTimestamp(response: Uint8Array, data: Uint8Array, authorities: readonly string[]): Promise<CheckedTimestamp> {
  if (response.length > maxTimestampBytes) return { holds: false, reason: `is larger than ${maxTimestampBytes} bytes` };
  if (authorities.length === 0) return { holds: false, reason: 'no time stamp authority is trusted' };
  try {
    return await check(response, data, authorities);
  } catch (error) {
    return { holds: false, reason: `is no time stamp that holds: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function check(bytes: Uint8Array, data: Uint8Array, authorities: readonly string[]): Promise<CheckedTimestamp> {
  const { pkijs } = await libraries();
  const response = pkijs.TimeStampResp.fromBER(exact(bytes));
  // Bytes that DER would not hold are bytes that nobody signed.
  if (!Buffer.from(response.toSchema().toBER(false)).equals(bytes)) return { holds: false, reason: 'is not in the one form that DER allows' };
  if (response.status.status > 1 || response.timeStampToken === undefined) return { holds: false, reason: 'the authority granted no time stamp' };
  const signed = new pkijs.SignedData({ schema: response.timeStampToken.content });
  const content = signed.encapContentInfo.eContent?.valueBlock.valueHexView;
  if (content === undefined) return { holds: false, reason: 'has no content' };
  const info = pkijs.TSTInfo.fromBER(exact(content));
  if (info.messageImprint.hashAlgorithm.algorithmId !== sha256Id) return { holds: false, reason: 'is not about a SHA-256' };
  const trustedCerts = authorities.map((pem) => pkijs.Certificate.fromBER(exact(pemBytes(pem))));
  const result = await signed.verify({ signer: 0, data: exact(data), trustedCerts, checkChain: true, checkDate: info.genTime, extendedMode: true });
  if (result.signatureVerified !== true || result.signerCertificateVerified !== true) return { holds: false, reason: `has a signature that does not hold: ${result.message || 'other bytes were signed'}` };
  const usage = result.signerCertificate?.extensions?.find(({ extnID }) => extnID === extendedKeyUsageId)?.parsedValue;
  if (!(usage instanceof pkijs.ExtKeyUsage) || !usage.keyPurposes.includes(timeStampingId)) return { holds: false, reason: 'its signer’s certificate is not for time stamps' };
  const name = result.signerCertificate?.subject.typesAndValues.map(({ value }) => String(value.valueBlock.value)).join(', ') ?? '';
  return { holds: true, at: info.genTime, authority: name };
}

/** Loaded when the first time stamp is met: most captures have none. */
async function libraries() {
  const [asn1js, pkijs] = await Promise.all([import('asn1js'), import('pkijs')]);
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }));
  return { asn1js, pkijs };
}

function pemBytes(pem: string): Uint8Array {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
}

/** The bytes in a buffer of their own size. */
function exact(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
