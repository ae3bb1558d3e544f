import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import type { KubernetesObject } from './kustomize/object.ts';
import { render } from './kustomize/render.ts';

export const project = join(import.meta.dirname, '..');
export const overlays = ['least-privilege', 'network-policies', 'containerd', 'cri-o', 'node-proxy'] as const;

export function overlay(name: (typeof overlays)[number]): readonly KubernetesObject[] {
  return render(join(project, 'overlays', name), project);
}

/** Renders a kustomization that a test made up, with files beside it. */
export function rendered(kustomization: object, files: Readonly<Record<string, unknown>> = {}): readonly KubernetesObject[] {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-kustomize-'));
  try {
    const write = (name: string, content: unknown): void => writeFileSync(join(folder, name), typeof content === 'string' ? content : stringify(content));
    write('kustomization.yaml', { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...kustomization });
    for (const [name, content] of Object.entries(files)) write(name, content);
    return render(folder, '/');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The base with components that no overlay has. */
export function withComponents(...names: readonly string[]): readonly KubernetesObject[] {
  const here = join(tmpdir(), 'any');
  const path = (name: string): string => relative(here, join(project, name));
  return rendered({ resources: [path('base')], components: names.map((name) => path(`components/${name}`)) });
}
