import { basename, join } from 'node:path';
import { analyzeLocally, lakeFolder } from '@icecore/local';
import type { PublishOutput } from '@icecore/pipeline';
import { runSteps } from './direct-steps.ts';
import { contentOf, keyBytes, proofPorts, tool } from './ports.ts';

/** What one archive came to. */
export interface CameTo {
  readonly published: PublishOutput;
  readonly lake: ReadonlyMap<string, string>;
}

/** The command's way: the state machine over folders, with a journal, and threads for what is large. */
export async function byMachine(archive: string, parents: readonly string[], folder: string): Promise<CameTo> {
  const lake = join(folder, basename(archive));
  const options = { lake, tenant: 'local', cluster: undefined, node: undefined, keyBytes, indicators: '', yaraFiles: [], tool, workers: 2 };
  await using analysis = await analyzeLocally({ kind: 'file', archive, parents: [...parents] }, options);
  return { published: analysis.published, lake: await contentOf(lakeFolder(lake)) };
}

/** The steps called by hand, into memory. */
export async function bySteps(archive: string, parents: readonly string[]): Promise<CameTo> {
  const ports = proofPorts();
  const published = await runSteps({ name: 'by-steps', tenant: 'local', evidence: { kind: 'file', archive, parents: [...parents] }, cluster: null, node: null }, ports);
  return { published, lake: await contentOf(ports.lake) };
}
