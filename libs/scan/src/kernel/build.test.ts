import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('the compiled text kernel', () => {
  it('is byte for byte what its sources compile to', () => {
    const built = execFileSync(process.execPath, [path('../../../../tools/build/kernel.mjs'), path('.'), 'text', '--stdout'], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
    expect(readFileSync(path('text.wasm.ts'), 'utf8')).toBe(built);
  }, 60_000);
});
