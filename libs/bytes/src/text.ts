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
