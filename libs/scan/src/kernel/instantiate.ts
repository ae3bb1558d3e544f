import { textWasm } from './text.wasm.ts';

/** What assembly/text.as.ts exports. Addresses and lengths in bytes of the module's memory. */
export interface TextModule {
  configure(pairs: number, lists: number, domains: number, domainMask: number, scratch: number, scratchBytes: number): void;
  begin(buffer: number, length: number, events: number): void;
  scan(from: number, to: number): number;
  schedules(from: number, to: number, most: number): number;
}

// The types of Node do not name this global, those of the DOM would bring all of a browser.
declare const WebAssembly: {
  readonly Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: object } }) => { readonly exports: TextModule };
};

const wasmPageBytes = 65536;

/** A fresh instance with its own memory of at least `bytes`, all zero. The memory never grows, so views of it stay valid. */
export function instantiateTextModule(bytes: number): { readonly module: TextModule; readonly memory: ArrayBuffer } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / wasmPageBytes) });
  const compiled = new WebAssembly.Module(Buffer.from(textWasm, 'base64'));
  return { module: new WebAssembly.Instance(compiled, { env: { memory } }).exports, memory: memory.buffer };
}
