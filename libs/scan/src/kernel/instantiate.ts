import { textWasm } from './text.wasm.ts';

/** What assembly/text.as.ts exports, with what it has of literals.as.ts. Addresses and lengths in bytes of the module's memory. */
export interface TextModule {
  configure(pairs: number, lists: number, domains: number, domainMask: number, scratch: number, scratchBytes: number): void;
  begin(buffer: number, length: number, events: number): void;
  scan(from: number, to: number): number;
  schedules(from: number, to: number, most: number): number;
  configureLiterals(groups: number, slots: number, slotShift: number, found: number, out: number, left: number, spans: number, buffer: number): void;
  beginLiterals(length: number): void;
  find(from: number, to: number): number;
}

/** Memory of modules. It never grows, so views of it stay valid. */
export interface ModuleMemory {
  readonly buffer: ArrayBuffer;
}

// The types of Node do not name this global, those of the DOM would bring all of a browser.
declare const WebAssembly: {
  readonly Memory: new (descriptor: { readonly initial: number }) => ModuleMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: ModuleMemory } }) => { readonly exports: TextModule };
};

const wasmPageBytes = 65536;

/** Memory of at least `bytes`, all zero. */
export function moduleMemory(bytes: number): ModuleMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / wasmPageBytes) });
}

/** A fresh instance that works in a memory. */
export function instantiateTextModule(memory: ModuleMemory): TextModule {
  return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(textWasm, 'base64')), { env: { memory } }).exports;
}
