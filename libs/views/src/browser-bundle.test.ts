import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

describe('the components', () => {
  it('go into a browser without anything of Node’s and without what makes views', async () => {
    const { metafile, errors } = await build({
      stdin: { contents: "export { CapturePage, pageStyle } from './browser.ts'", resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true,
      write: false,
      platform: 'browser',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      metafile: true,
      logLevel: 'silent',
    });
    expect(errors).toEqual([]);
    const inputs = Object.entries(metafile.outputs).flatMap(([, output]) => Object.entries(output.inputs)).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
    expect(inputs.some((path) => path.endsWith('capture-page.tsx'))).toBe(true);
    expect(inputs.filter((path) => /node:|src\/model\/(?!text\.ts)|\/(?:findings|snapshot|tables|lake|secrets)\/|render-to-string/.test(path))).toEqual([]);
  });
});
