import { techniqueOf } from '@icecore/findings';
import type { CaseCapture, CaseEvidence, CaseFileSet, CaseFinding, CaseProcess } from './case-file.ts';

/** Version of OCSF that findings are told in: the newest that Security Lake takes. */
export const ocsfVersion = '1.3.0';

/** What makes the findings, for `metadata.product`. */
export interface Product {
  readonly version: string;
}

export type DetectionFinding = ReturnType<typeof detectionFinding>;

/**
 * The findings as OCSF 1.3 Detection Finding (class 2004), by time, then by capture and severity. Evidence that the
 * schema has no place for is JSON in `evidences[].data`, what it has no name for in `unmapped`.
 */
export function detectionFindings({ captures, findings, processes }: Pick<CaseFileSet, 'captures' | 'findings' | 'processes'>, product: Product): readonly DetectionFinding[] {
  const capture = new Map(captures.map((each) => [each.capture_id, each]));
  const process = new Map(processes.map((each) => [`${each.capture_id} ${each.pid}`, each]));
  const found = findings.flatMap((finding) => {
    const of = capture.get(finding.capture_id);
    return of === undefined ? [] : [detectionFinding(finding, of, (pid) => process.get(`${finding.capture_id} ${pid}`), product)];
  });
  return found.sort((a, b) => a.time - b.time);
}

function detectionFinding(finding: CaseFinding, capture: CaseCapture, processOf: (pid: number) => CaseProcess | undefined, product: Product) {
  // A capture that does not say when it was taken is told under the first moment, as the lake files it.
  const time = capture.captured_at?.getTime() ?? 0;
  const evidences = finding.evidence.map((item) => evidenceOf(item, finding, capture, processOf));
  return {
    activity_id: 1,
    activity_name: 'Create',
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    type_uid: 200401,
    type_name: 'Detection Finding: Create',
    time,
    severity_id: finding.severity_id,
    severity: capitalised(finding.severity),
    confidence_id: confidenceIds[finding.confidence],
    confidence: capitalised(finding.confidence),
    status_id: 1,
    status: 'New',
    timezone_offset: 0,
    message: finding.summary,
    metadata: { version: ocsfVersion, uid: finding.finding_id, product: { name: 'icecore', vendor_name: 'icecore', version: product.version } },
    finding_info: findingInfo(finding, capture, time),
    evidences,
    resources: [{ uid: capture.container_id ?? capture.capture_id, name: capture.pod ?? capture.container ?? capture.capture_id, type: 'container', namespace: capture.namespace }],
    observables: observablesOf(evidences),
    unmapped: unmappedOf(finding, capture),
  };
}

function findingInfo(finding: CaseFinding, capture: CaseCapture, time: number) {
  return {
    uid: finding.finding_id,
    title: finding.title,
    desc: finding.summary,
    types: [finding.category],
    created_time: time,
    first_seen_time: time,
    last_seen_time: time,
    analytic: { uid: finding.detector, name: finding.title, type_id: 1, type: 'Rule', version: String(finding.detector_version) },
    attacks: finding.techniques.flatMap((id) => attacksOf(id, finding.attack_version)),
    data_sources: [capture.archive_name ?? capture.capture_id],
  };
}

const confidenceIds = { low: 1, medium: 2, high: 3 } as const;

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** One attack a tactic: a technique stands in several columns of the matrix. */
function attacksOf(id: string, version: string) {
  const technique = techniqueOf(id);
  const [parent = id] = id.split('.', 1);
  const name = technique?.name ?? id;
  const [parentName = name] = name.split(': ', 1);
  const sub = id === parent ? undefined : { uid: id, name };
  const tactics = technique === undefined || technique.tactics.length === 0 ? [undefined] : technique.tactics;
  return tactics.map((tactic) => ({
    version,
    tactic: tactic === undefined ? undefined : { name: tactic.split('-').map(capitalised).join(' ') },
    technique: { uid: parent, name: id === parent ? name : (techniqueOf(parent)?.name ?? parentName) },
    sub_technique: sub,
  }));
}

function evidenceOf(item: CaseEvidence, finding: CaseFinding, capture: CaseCapture, processOf: (pid: number) => CaseProcess | undefined) {
  const process = item.pid === undefined ? undefined : processOf(item.pid);
  const peer = item.value === undefined ? undefined : peerOf(item.value, finding.facts['peer']);
  const path = item.path === undefined || item.path === '' ? undefined : item.path;
  return {
    process:
      item.pid === undefined
        ? undefined
        : {
            pid: item.pid,
            name: process?.comm,
            cmd_line: process?.command_line,
            user: process?.uid === undefined ? undefined : { uid: String(process.uid) },
            file: process?.executable === undefined ? undefined : fileOf(process.executable),
          },
    file: path === undefined ? undefined : fileOf(path),
    dst_endpoint: peer,
    container: {
      uid: capture.container_id,
      name: capture.container ?? capture.capture_id,
      image: capture.image === undefined ? undefined : { uid: capture.image_ref ?? capture.image, name: capture.image },
      runtime: capture.engine,
    },
    data: withoutAbsent({
      what: item.what,
      fd: item.fd,
      address: item.address_hex === undefined ? undefined : `0x${item.address_hex.replace(/^0+(?=.)/, '')}`,
      length: item.length,
      source: item.criu_image,
      source_offset: item.image_offset,
      value: item.value,
    }),
  };
}

function fileOf(path: string) {
  // Type 0: what kind of file it is, evidence does not say.
  return { name: path.replace(/\/+$/, '').split('/').at(-1) || path, path, type_id: 0 };
}

/** The other end of a connection, where the evidence is the one that the finding names as its peer. */
function peerOf(value: string, peer: string | undefined) {
  const match = peer === undefined || !value.includes(peer) ? null : /^\[?([0-9a-fA-F.:]+?)\]?:(\d{1,5})$/.exec(peer);
  return match === null ? undefined : { ip: match[1] ?? '', port: Number(match[2]) };
}

function observablesOf(evidences: readonly ReturnType<typeof evidenceOf>[]) {
  const found = evidences.flatMap(({ dst_endpoint, file, process }, i) => [
    ...(dst_endpoint === undefined ? [] : [{ name: `evidences[${i}].dst_endpoint.ip`, type_id: 2, type: 'IP Address', value: dst_endpoint.ip }]),
    ...(file === undefined ? [] : [{ name: `evidences[${i}].file.name`, type_id: 7, type: 'File Name', value: file.name }]),
    ...(process?.name === undefined ? [] : [{ name: `evidences[${i}].process.name`, type_id: 9, type: 'Process Name', value: process.name }]),
  ]);
  const seen = new Set<string>();
  return found.filter(({ type_id, value }) => !seen.has(`${type_id} ${value}`) && seen.add(`${type_id} ${value}`));
}

function unmappedOf({ facts, incident_id, signal, false_positives }: CaseFinding, { capture_id, archive_sha256, cluster, node }: CaseCapture): Readonly<Record<string, string>> {
  const named = withoutAbsent({ capture_id, archive_sha256, cluster, node, incident_id, signal, false_positives });
  return { ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`facts.${name}`, value])), ...named };
}

function withoutAbsent<V>(object: Readonly<Record<string, V | undefined>>): Record<string, V> {
  return Object.fromEntries(Object.entries(object).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
