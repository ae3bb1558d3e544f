/**
 * Which layer may import which. Arrows point one way, from the top of this table to the bottom; what is not
 * listed is forbidden. `docs/architecture.md` explains the layers.
 */
export const layers = {
  'layer:app': ['adapter', 'flow', 'output', 'domain', 'format', 'foundation'],
  'layer:infra': ['flow', 'output', 'domain', 'foundation'],
  'layer:adapter': ['adapter', 'flow', 'output', 'domain', 'format', 'foundation'],
  'layer:flow': ['flow', 'output', 'domain', 'format', 'foundation'],
  'layer:output': ['output', 'domain', 'format', 'foundation'],
  'layer:domain': ['domain', 'format', 'foundation'],
  'layer:format': ['foundation'],
  'layer:foundation': ['foundation'],
  'layer:test': ['adapter', 'flow', 'output', 'domain', 'format', 'foundation', 'test'],
  'layer:tool': ['app', 'infra', 'adapter', 'flow', 'output', 'domain', 'format', 'foundation', 'test', 'tool'],
};

/** Layers whose code takes bytes and gives values, and so knows no cloud, no cluster, no file system. */
export const pureLayers = ['layer:flow', 'layer:output', 'layer:domain', 'layer:format', 'layer:foundation'];

/** Packages that only the rim may use. */
export const rimPackages = ['@aws-sdk/*', 'aws-cdk-lib', '@duckdb/*', '@kubernetes/*'];
