import { crc64Wasm } from './crc64.wasm.ts';

/** What assembly/crc64.as.ts exports: the checksum after the first `length` bytes of the buffer, before its last inversion. */
export interface Crc64Module {
  readonly buffer: Uint8Array;
  update(crc: bigint, length: number): bigint;
}

// The types of Node do not name this global, those of the DOM would bring all of a browser.
declare const WebAssembly: {
  readonly Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: object } },
  ) => { readonly exports: { prepare(): void; update(crc: bigint, length: number): bigint } };
};

const wasmPageBytes = 65_536;
/** Where the tables end: `bufferStart` in the module's source. */
const bufferStart = 8 * 256 * 8;
/** Four strands: one pass of the module's wide loop, and little enough to stay in a core's second cache. */
const bufferBytes = 4 * 16_384;

let loaded: Crc64Module | undefined;

/** The module, compiled at its first use. It holds nothing between two calls, so one is enough for all checksums. */
export function crc64Module(): Crc64Module {
  if (loaded !== undefined) return loaded;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((bufferStart + bufferBytes) / wasmPageBytes) });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(crc64Wasm, 'base64')), { env: { memory } });
  exports.prepare();
  loaded = { buffer: new Uint8Array(memory.buffer, bufferStart, bufferBytes), update: exports.update };
  return loaded;
}
