import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOciImage } from './oci-image.ts';
import { assembleRootFileSystem, nodeBinary } from './root-file-system.ts';

/*
 * Usage: node infra/cluster/src/image/main.ts FOLDER [TAG]: the image of the trigger's two roles as an OCI layout, from the
 * bundle, Node, and the libraries and authorities of this machine.
 */
const repository = join(import.meta.dirname, '../../../..');
const [into, tag = 'trigger'] = process.argv.slice(2);
if (into === undefined) {
  process.stderr.write('usage: node infra/cluster/src/image/main.ts FOLDER [TAG]\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'icecore-image-'));
try {
  const root = join(folder, 'root');
  // An image that was made before makes room; anything else in that place does not.
  if (existsSync(join(into, 'oci-layout'))) rmSync(into, { recursive: true });
  assembleRootFileSystem(root, { node: nodeBinary(), entry: join(repository, 'apps/trigger/dist/main.mjs') });
  process.stdout.write(`${into}: ${await writeOciImage(root, into, tag)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
