import { literalWasm } from './literal.wasm.ts';

/** What assembly/literal.as.ts exports. Addresses and lengths in bytes of the module's memory. */
export interface LiteralModule {
  prepare(buffer: number, scanLength: number, availableLength: number, hits: number, hitsBytes: number): void;
  scanPair(pass: number, from: number, to: number): number;
  scanPairFolded(pass: number, from: number, to: number): number;
  scanNibbles(pass: number, from: number, to: number): number;
  takeHits(): number;
}

// The types of Node do not name this global, those of the DOM would bring all of a browser.
declare const WebAssembly: {
  readonly Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: object } },
  ) => { readonly exports: LiteralModule };
};

const wasmPageBytes = 65536;

/** A fresh instance with its own memory of at least `bytes`, all zero. The memory never grows, so views of it stay valid. */
export function instantiateLiteralModule(bytes: number): { readonly module: LiteralModule; readonly memory: ArrayBuffer } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / wasmPageBytes) });
  const compiled = new WebAssembly.Module(Buffer.from(literalWasm, 'base64'));
  return { module: new WebAssembly.Instance(compiled, { env: { memory } }).exports, memory: memory.buffer };
}
