const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 text; bytes that are not UTF-8 become U+FFFD. For names and other text that is only shown. */
export function decodeText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** UTF-8 text, or undefined where the bytes are not UTF-8: for text that must come back as the same bytes. */
export function decodeTextExactly(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The bytes before the first NUL, or all of them. */
export function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/**
 * Text from evidence made safe for a terminal: control characters, escapes, bidirectional overrides and other
 * characters that move the cursor or hide text are shown as `\xNN` or `\u{NNNN}`.
 */
export function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g, (found) => {
    const code = found.charCodeAt(0);
    if (found === '\n') return '\\n';
    if (found === '\t') return '\\t';
    if (found === '\r') return '\\r';
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/**
 * Text that stands for any bytes: UTF-8 where they are UTF-8, and each byte that is not as a lone surrogate
 * U+DC80 to U+DCFF (as PEP 383 does). `bytesFromText` gives the same bytes back, so names survive JSON and back.
 */
export function textFromBytes(bytes: Uint8Array): string {
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const exact = decodeTextExactly(bytes);
  if (exact !== undefined) return exact;
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    const part = length === 0 ? undefined : decodeTextExactly(bytes.subarray(i, i + length));
    text += part ?? String.fromCharCode(0xdc00 + bytes[i]!);
    i += part === undefined ? 1 : length;
  }
  return text;
}

/** The bytes that `textFromBytes` made the text from. */
export function bytesFromText(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return new TextEncoder().encode(text);
  const parts = text.split(/(?<![\ud800-\udbff])([\udc80-\udcff])/);
  return Buffer.concat(parts.map((part, i) => (i % 2 === 1 ? Uint8Array.of(part.charCodeAt(0) - 0xdc00) : new TextEncoder().encode(part))));
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}
