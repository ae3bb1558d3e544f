import { stringify } from 'yaml';
import { captureResourceDefinition } from '@icecore/capture';
import { rbacManifests } from './rbac.ts';

const note = '# Generated from what the code declares, by the target `generate` of @icecore/cluster. Change it there.\n';

/** The manifests that are rendered from the code, by their path under this project. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const manifests = { 'base/captures.crd.yaml': [captureResourceDefinition()], ...rbacManifests() };
  return new Map(Object.entries(manifests).map(([path, documents]) => [path, note + documents.map((each) => stringify(each, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n')]));
}
