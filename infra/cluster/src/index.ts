export { generatedFiles } from './generate/files.ts';
export { type KubernetesObject, KustomizeError } from './kustomize/object.ts';
export { render } from './kustomize/render.ts';
export { schemaFaults } from './schema/validate.ts';
