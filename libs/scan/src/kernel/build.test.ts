import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('a compiled kernel', () => {
  it.each(['text', 'literals'])('is byte for byte what its source compiles to: %s', (name) => {
    const built = execFileSync(process.execPath, [path('../../../../tools/build/kernel.mjs'), path('.'), name, '--stdout'], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
    expect(readFileSync(path(`${name}.wasm.ts`), 'utf8')).toBe(built);
  }, 60_000);
});
