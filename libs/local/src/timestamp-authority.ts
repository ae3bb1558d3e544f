import { maxTimestampBytes, type TimestampAuthority, timestampRequest } from '@icecore/evidence';

/** A time stamp authority over HTTP (RFC 3161, section 3.4). Rejects where it does not answer with a response in time. */
export function timestampAuthority(url: string, timeoutMs = 30_000): TimestampAuthority {
  return {
    async stamp(sha256) {
      const body = new Uint8Array(await timestampRequest(sha256));
      const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/timestamp-query' }, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || !type.startsWith('application/timestamp-reply')) throw new Error(`${url} answered ${response.status} with ${type === '' ? 'no type' : type}`);
      return readLimited(response, url);
    },
  };
}

async function readLimited(response: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxTimestampBytes) throw new Error(`${url} answered with more than ${maxTimestampBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
