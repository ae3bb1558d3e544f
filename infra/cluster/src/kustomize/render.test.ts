import { schemaFaults } from '../index.ts';
import { overlay, rendered } from '../manifests.test-support.ts';
import { kubernetesObject, type Mapping } from './object.ts';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a', namespace: 'n', labels: { keep: 'k', drop: 'd' } },
  spec: {
    selector: { matchLabels: { app: 'a' } },
    template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'one', image: 'x', args: ['a', 'b'], env: [{ name: 'A', value: '1' }] }, { name: 'two', image: 'y' }], volumes: [{ name: 'v', emptyDir: {} }] } },
  },
};
const base = { resources: ['a.yaml'], patches: [{ path: 'p.yaml' }] };
const patched = (patch: object, target?: object): Mapping | undefined => rendered({ ...base, patches: [{ path: 'p.yaml', ...(target === undefined ? {} : { target }) }] }, { 'a.yaml': deployment, 'p.yaml': patch })[0]?.body;
const patch = (change: object): object => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', namespace: 'n' }, ...change });
const podSpec = (change: object): object => patch({ spec: { template: { spec: change } } });

describe('a strategic merge', () => {
  it('changes one container by its name, and leaves the other', () => {
    expect(patched(podSpec({ containers: [{ name: 'one', image: 'z', env: [{ name: 'B', value: '2' }] }] }))).toMatchObject({
      spec: { template: { spec: { containers: [{ name: 'one', image: 'z', args: ['a', 'b'], env: [{ name: 'B', value: '2' }, { name: 'A', value: '1' }] }, { name: 'two', image: 'y' }] } } },
    });
  });

  it('takes away by null, and an element of a list by $patch', () => {
    const changed = patched({ ...patch({}), metadata: { name: 'a', namespace: 'n', labels: { drop: null } }, spec: { template: { spec: { containers: [{ name: 'two', $patch: 'delete' }] } } } });
    expect(changed).toMatchObject({ metadata: { labels: { keep: 'k' } }, spec: { template: { spec: { containers: [{ name: 'one' }] } } } });
    expect(changed?.['metadata']).not.toMatchObject({ labels: { drop: 'd' } });
  });

  it('replaces a list of plain values', () => {
    expect(patched(podSpec({ containers: [{ name: 'one', args: ['c'] }] }))).toMatchObject({ spec: { template: { spec: { containers: [{ args: ['c'] }, {}] } } } });
  });

  it('deletes an object', () => {
    expect(patched({ ...patch({}), $patch: 'delete' })).toBeUndefined();
  });
});

describe('a JSON patch', () => {
  const target = { kind: 'Deployment', name: 'a' };
  it('adds, replaces and removes', () => {
    const changed = patched(
      [
        { op: 'add', path: '/metadata/labels/x~1y', value: 'z' },
        { op: 'remove', path: '/metadata/labels/drop' },
        { op: 'replace', path: '/spec/template/spec/containers/1/image', value: 'w' },
        { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: 'c' },
      ],
      target,
    );
    expect(changed).toMatchObject({ metadata: { labels: { keep: 'k', 'x/y': 'z' } }, spec: { template: { spec: { containers: [{ args: ['a', 'b', 'c'] }, { image: 'w' }] } } } });
  });

  test.each([
    ['a place that is not there', [{ op: 'replace', path: '/spec/none', value: 1 }], 'nothing there'],
    ['a place beyond the list', [{ op: 'add', path: '/spec/template/spec/containers/7', value: {} }], 'no place 7'],
    ['an operation that is not followed', [{ op: 'move', from: '/a', path: '/b' }], 'not an operation'],
  ])('is refused for %s', (_what, operations, reason) => {
    expect(() => patched(operations, target)).toThrow(reason);
  });
});

describe('what is not followed is refused', () => {
  test.each([
    ['a field of kustomize', { ...base, namePrefix: 'x-' }, patch({}), 'namePrefix'],
    ['a field of a patch', { ...base, patches: [{ path: 'p.yaml', options: { allowNameChange: true } }] }, patch({}), 'options'],
    ['a suffix of a hash', { resources: ['a.yaml'], configMapGenerator: [{ name: 'c', files: ['p.yaml'] }] }, patch({}), 'configMapGenerator.0.options'],
    ['an image by tag', { resources: ['a.yaml'], images: [{ name: 'x', newTag: 'v1' }] }, patch({}), 'images.0'],
    ['a patch of nothing', base, { ...patch({}), metadata: { name: 'other' } }, 'nothing that it patches'],
    ['a list that could be merged in more than one way', base, podSpec({ hostAliases: [{ ip: '192.0.2.1' }] }), 'hostAliases is a list whose merge is not known'],
    ['a directive', base, podSpec({ $patch: 'replace' }), '$patch'],
    ['a resource of another machine', { resources: ['https://example.com/a.yaml'] }, patch({}), 'ENOENT'],
    ['an object twice', { resources: ['a.yaml', 'p.yaml'] }, deployment, 'is there twice'],
  ])('%s', (_what, kustomization, content, reason) => {
    expect(() => rendered(kustomization, { 'a.yaml': deployment, 'p.yaml': content })).toThrow(reason);
  });
});

describe('the check against the schema', () => {
  const of = (change: (body: Record<string, unknown>) => unknown): readonly string[] => schemaFaults(kubernetesObject(change(structuredClone(deployment)), 'a.yaml'));
  const changed = (path: string, value: unknown) => (body: object): unknown => set(body, path.split('.'), value);
  const set = (body: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown => {
    if (Array.isArray(body)) return body.map((each, i) => (String(i) === name ? set(each, rest, value) : each));
    const mapping = typeof body === 'object' && body !== null ? Object.fromEntries(Object.entries(body)) : {};
    return { ...mapping, [name]: rest.length === 0 ? value : set(mapping[name], rest, value) };
  };

  it('finds nothing in what is sound', () => {
    expect(of((body) => body)).toEqual([]);
  });

  test.each([
    ['metadata.labls', { a: 'b' }, '/metadata/labls: is not in the schema'],
    ['spec.replica', 2, '/spec/replica: is not in the schema'],
    ['spec.template.spec.containers.0.securityContex', {}, '/spec/template/spec/containers/0/securityContex: is not in the schema'],
    ['spec.template.spec.containers.0.securityContext', { readOnlyRootFileSystem: true }, '/spec/template/spec/containers/0/securityContext/readOnlyRootFileSystem: is not in the schema'],
    ['spec.template.spec.containers.0.resources', { limit: {} }, '/spec/template/spec/containers/0/resources/limit: is not in the schema'],
    ['spec.replicas', 'two', '/spec/replicas: type {"type":"integer"}'],
    ['spec.selector', null, '/spec/selector: type {"type":"object"}'],
    ['spec', { replicas: 1 }, '/spec: required {"missingProperty":"selector"}'],
  ])('finds %s', (path, value, fault) => {
    expect(of(changed(path, value)).join('\n')).toContain(fault);
  });

  it('lets labels and data have any name', () => {
    expect(of(changed('metadata.labels', { 'any.name/at-all': 'x' }))).toEqual([]);
  });

  it('knows no kind that has no schema here', () => {
    expect(schemaFaults({ apiVersion: 'v1', kind: 'Secret', name: 's', namespace: undefined, body: {} })).toEqual(['v1/Secret has no schema here']);
  });

  it('is asked about every object of an overlay', () => {
    expect(overlay('least-privilege').length).toBeGreaterThan(20);
  });
});
