import { createHash } from 'node:crypto';
import type { JsonValue } from './canonical-json.ts';
import type { CustodyEntry } from './ledger-entry.ts';
import type { Manifest } from './manifest.ts';

/**
 * A capture and its custody in the words of CASE and UCO (JSON-LD), for the tools of investigators: each entry of the
 * ledger is an investigative action, the archive and what was derived are observable files with their hashes.
 */
export function caseDocument(captures: readonly { readonly captureKey: string; readonly manifest: Manifest; readonly ledger: readonly CustodyEntry[] }[]): JsonValue {
  return {
    '@context': {
      '@vocab': 'http://example.org/local#',
      'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
      'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
      'uco-identity': 'https://ontology.unifiedcyberontology.org/uco/identity/',
      'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
      'uco-tool': 'https://ontology.unifiedcyberontology.org/uco/tool/',
      'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
      'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
      'uco-vocabulary': 'https://ontology.unifiedcyberontology.org/uco/vocabulary/',
      xsd: 'http://www.w3.org/2001/XMLSchema#',
    },
    '@graph': captures.flatMap(({ manifest, ledger }) => [...filesOf(manifest, ledger), provenance(manifest), ...ledger.flatMap((entry) => action(entry))]),
  };
}

/** An identifier that is the same for the same thing: a UUID of version 8 by its hash. */
function identifier(kind: string, name: string): string {
  const hex = createHash('sha256').update(`${kind}\u0000${name}`).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function filesOf({ archive, side }: Manifest, ledger: readonly CustodyEntry[]): JsonValue[] {
  const files = new Map<string, { key: string; sha256: string; bytes?: number }>();
  for (const each of [archive, ...side]) files.set(identifier('file', each.key + each.sha256), each);
  for (const each of ledger.flatMap(({ subjects }) => subjects.filter(isFile))) {
    const id = identifier('file', each.key + each.sha256);
    if (!files.has(id)) files.set(id, each);
  }
  return [...files].map(([id, { key, sha256, bytes }]) => ({
    '@id': id,
    '@type': 'uco-observable:File',
    'uco-core:hasFacet': [
      { '@id': identifier('file facet', key + sha256), '@type': 'uco-observable:FileFacet', 'uco-observable:filePath': key, 'uco-observable:fileName': key.slice(key.lastIndexOf('/') + 1) },
      {
        '@id': identifier('content facet', key + sha256),
        '@type': 'uco-observable:ContentDataFacet',
        'uco-observable:hash': [{
          '@id': identifier('hash', key + sha256),
          '@type': 'uco-types:Hash',
          'uco-types:hashMethod': { '@type': 'uco-vocabulary:HashNameVocab', '@value': 'SHA256' },
          'uco-types:hashValue': { '@type': 'xsd:hexBinary', '@value': sha256 },
        }],
        ...(bytes === undefined ? {} : { 'uco-observable:sizeInBytes': bytes }),
      },
    ],
  }));
}

/** A subject after whose key there is a `#` is a part of a file. */
function isFile({ key }: { readonly key: string }): boolean {
  return !key.includes('#');
}

function provenance({ captureId, archive, why }: Manifest): JsonValue {
  return {
    '@id': identifier('provenance', captureId + archive.sha256),
    '@type': 'case-investigation:ProvenanceRecord',
    'case-investigation:exhibitNumber': captureId,
    'uco-core:description': [why.reason ?? 'a container checkpoint'],
    'uco-core:object': [{ '@id': identifier('file', archive.key + archive.sha256) }],
  };
}

function action(entry: CustodyEntry): JsonValue[] {
  const performer = identifier('performer', entry.actor.type + entry.actor.id);
  const tool = identifier('tool', entry.tool.name + entry.tool.version);
  const refer = ({ key, sha256 }: { key: string; sha256: string }): JsonValue => ({ '@id': identifier('file', key + sha256) });
  return [
    { '@id': performer, '@type': 'uco-identity:Identity', 'uco-core:name': entry.actor.id },
    { '@id': tool, '@type': 'uco-tool:Tool', 'uco-core:name': entry.tool.name, 'uco-tool:version': entry.tool.version },
    {
      '@id': identifier('action', entry.hash),
      '@type': 'case-investigation:InvestigativeAction',
      'uco-core:name': entry.action,
      'uco-core:description': [entry.reason],
      'uco-action:startTime': { '@type': 'xsd:dateTime', '@value': entry.at },
      'uco-action:endTime': { '@type': 'xsd:dateTime', '@value': entry.at },
      'uco-action:performer': { '@id': performer },
      'uco-action:instrument': [{ '@id': tool }],
      ...(entry.parents.length === 0 ? {} : { 'uco-action:object': entry.parents.map(refer) }),
      ...(entry.subjects.length === 0 ? {} : { 'uco-action:result': entry.subjects.filter(isFile).map(refer) }),
    },
  ];
}
